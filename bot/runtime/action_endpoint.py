"""How Rasa reaches the actions: over HTTP, or in the same process for tests and tools.

Both send the tracker without its past events and without the domain, which our actions
do not read: a turn stays as fast in a long talk as in a short one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import aiohttp
from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor

ACTION_SECONDS = 3.5


@lru_cache(maxsize=1)
def _result_validator() -> Draft202012Validator:
    return Draft202012Validator(RemoteAction.action_response_format_spec())


def _validate(_: RemoteAction, result: dict[str, Any]) -> bool:
    """The same check as Rasa's, without checking the schema itself anew on every turn,
    which took half the time of a turn.

    Raises:
        ValidationError: the action server's answer is not of the agreed form.
    """
    _result_validator().validate(result)
    return True


RemoteAction._validate_action_result = _validate


def slim(call: dict[str, Any]) -> dict[str, Any]:
    """The call without what the actions do not use."""
    tracker = {**call["tracker"], "events": []}
    return {**call, "tracker": tracker, "domain": {}}


class QuickEndpoint(EndpointConfig):
    """The action server by HTTP; gives up after seconds, not after Rasa's 300."""

    _session: aiohttp.ClientSession | None = None

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Send the call over a connection that stays open."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=ACTION_SECONDS, connect=1.0)
            )
        async with self._session.post(self.url, json=slim(kwargs["json"])) as answer:
            if answer.status >= 400:
                raise ClientResponseError(answer.status, answer.reason or "", "action failed")
            return await answer.json()


class LocalActions(EndpointConfig):
    """The actions in this process."""

    def __init__(self, package: str = "actions") -> None:
        """Registers every action of `package`."""
        super().__init__(url="http://in.process/webhook")
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action."""
        call = slim(kwargs["json"])
        call.setdefault("version", "3.6.2")
        return await self._executor.run(call)
