"""Runs a model's nodes one after the other, without Dask.

Rasa's runner lays out its graph anew for each message and action, and writes all that goes in
into a line of the log that is then thrown away: 2 ms of a turn (docs/adr/0006).
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class InOrder(GraphRunner):
    """The nodes of a loaded runner, each after those that it needs."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        """Takes over what `loaded` has loaded."""
        self.nodes = loaded._instantiated_nodes
        self._schema = loaded._graph_schema
        self._orders: dict[tuple[str, ...], list[str]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> InOrder:
        """Loads the nodes as Rasa's runner does."""
        return cls(DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks))

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """What the targets (by default those of the schema) give, by their names.

        Raises:
            rasa.engine.exceptions.GraphRunError: a node lacks what it needs.
        """
        wanted = tuple(targets or self._schema.target_names)
        made = dict(inputs or {})
        for name in self._order(wanted):
            needs = self._schema.nodes[name].needs.values()
            _, made[name] = self.nodes[name](*[(n, made[n]) for n in needs if n in made])
        return {name: made[name] for name in wanted}

    def _order(self, wanted: tuple[str, ...]) -> list[str]:
        """The nodes that lead to the targets; what is no node comes in from outside."""
        if wanted not in self._orders:
            order: dict[str, None] = {}
            for name in wanted:
                self._lead_to(name, order)
            self._orders[wanted] = list(order)
        return self._orders[wanted]

    def _lead_to(self, name: str, order: dict[str, None]) -> None:
        node = self._schema.nodes.get(name)
        if node is None or name in order:
            return
        for need in node.needs.values():
            self._lead_to(need, order)
        order[name] = None
