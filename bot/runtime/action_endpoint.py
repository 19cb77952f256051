"""How Rasa reaches the actions: over HTTP, or in the same process for tests and tools.

Both send the tracker without its past events and without the domain, which our actions
do not read: a turn stays as fast in a long talk as in a short one.
"""

from __future__ import annotations

from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor

ACTION_SECONDS = 3.5


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
