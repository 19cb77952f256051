"""What the components that carry content share: they pack it into the model."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.content import CONTENT_DIR, Content, load_content
from knowledge.schema import KINDS, Strict

C = TypeVar("C", bound="ContentComponent")
T = TypeVar("T", bound=Strict)


def _stamp() -> tuple[tuple[str, int, int], ...]:
    """What tells whether a content file changed: its path, size and time."""
    files = sorted(CONTENT_DIR.rglob("*.yml"))
    return tuple((str(f), f.stat().st_size, f.stat().st_mtime_ns) for f in files)


@lru_cache(maxsize=1)
def _content(stamp: tuple[tuple[str, int, int], ...]) -> Content:
    """The content, read once a change: each of our components asks several times."""
    return load_content()


class ContentComponent(GraphComponent):
    """Reads kinds of content at training, and from the packed model ever after."""

    KINDS_USED: tuple[str, ...] = ()

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Holds the component's place in the model; `kinds` are filled before use."""
        self.config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self.kinds: dict[str, list[Any]] = {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Other content means another component, so that Rasa's cache never hides it."""
        return _content(_stamp()).version

    @classmethod
    def create(
        cls: type[C],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> C:
        """Creates the untrained component with the content of the work tree."""
        component = cls(config, model_storage, resource)
        content = _content(_stamp())
        component.kinds = {k: list(content.kinds[k].values()) for k in cls.KINDS_USED}
        component.prepare()
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learns what there is to learn, and packs the content."""
        self.learn(training_data)
        with self._storage.write_to(self._resource) as folder:
            dump = {k: [e.model_dump(mode="json") for e in v] for k, v in self.kinds.items()}
            (folder / "content.json").write_text(json.dumps(dump), encoding="utf-8")
            (folder / "learnt.json").write_text(json.dumps(self.learnt()), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls: type[C],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> C:
        """Loads the component as it was packed."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            dump = json.loads((folder / "content.json").read_text(encoding="utf-8"))
            learnt = json.loads((folder / "learnt.json").read_text(encoding="utf-8"))
        component.kinds = {k: [KINDS[k](**e) for e in v] for k, v in dump.items()}
        component.prepare()
        component.recall(learnt)
        return component

    def prepare(self) -> None:
        """Builds what is computed from content; called before training and after loading."""

    def learn(self, training_data: TrainingData) -> None:
        """Learns from the training data, where the component learns at all."""

    def learnt(self) -> dict[str, Any]:
        """What was learnt, as JSON."""
        return {}

    def recall(self, learnt: dict[str, Any]) -> None:
        """Takes back what `learnt` gave."""
