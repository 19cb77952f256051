"""How Rasa reaches the actions: over HTTP, or in the same process for tests and tools.

Both send the tracker without its past events and without the domain, which our actions
do not read: a turn stays as fast in a long talk as in a short one.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import aiohttp
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor

from bot.watch.turn import current_turn, stage

logger = logging.getLogger(__name__)

# Within the turn's 2.5 seconds (bot.channels.gate).
ACTION_SECONDS = 2.0
AVOID_SECONDS = 5.0
MOST_TRIES = 3


class AnswerError(ValueError):
    """B029: the action server's answer is not of the agreed form."""


def _validate(_: RemoteAction, result: Any) -> bool:
    """Whether an answer holds events and responses; Rasa's JSON Schema for the same took
    a millisecond of every turn.

    Raises:
        AnswerError: it does not.
    """
    if not isinstance(result, dict):
        raise AnswerError("B029 the action server's answer is no object")
    events, responses = result.get("events", []), result.get("responses", [])
    for name, found in (("events", events), ("responses", responses)):
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise AnswerError(f"B029 the action server's {name} are no list of objects")
    if not all(isinstance(one.get("event"), str) for one in events):
        raise AnswerError("B029 an event of the action server does not say what it is")
    return True


def _call(action: RemoteAction, tracker: DialogueStateTracker, _: Domain) -> dict[str, Any]:
    """What an action is sent: the conversation without its events and the domain."""
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**tracker.current_state(EventVerbosity.NONE), "events": []},
        "domain": {},
        "version": rasa.__version__,
    }


RemoteAction._validate_action_result = _validate
RemoteAction._action_call_format = _call


class QuickEndpoint(EndpointConfig):
    """The action servers by HTTP; gives up after seconds, not after Rasa's 300.

    Actions only read and compute, so a call that failed at one server is made at the next.
    A server that failed is asked last for a while.
    """

    def __init__(self, url: str, *further: str) -> None:
        """`url` and `further`: addresses of the servers, all alike."""
        super().__init__(url=url)
        self._urls = [url, *further]
        self._turn = 0
        self._failed_at = dict.fromkeys(self._urls, -AVOID_SECONDS)
        self._session: aiohttp.ClientSession | None = None

    def _order(self) -> list[str]:
        self._turn += 1
        at = self._turn % len(self._urls)
        urls = self._urls[at:] + self._urls[:at]
        now = time.monotonic()
        return sorted(urls, key=lambda u: now - self._failed_at[u] < AVOID_SECONDS)

    def session(self) -> aiohttp.ClientSession:
        """Connections that stay open."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._session

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Make the call.

        Raises:
            ClientResponseError: no server gave an answer; the turn counts as failed.
        """
        body = kwargs["json"]
        until = time.monotonic() + ACTION_SECONDS
        # A single server gets all the time; of several the first may hang and the next answer.
        share = ACTION_SECONDS if len(self._urls) == 1 else ACTION_SECONDS * 0.6
        kind = "none"
        with stage("act"):
            for url in [*self._order(), self._urls[0]][:MOST_TRIES]:
                left = min(share, until - time.monotonic())
                if left <= 0.05:
                    break
                limit = aiohttp.ClientTimeout(total=left, connect=0.5)
                try:
                    async with self.session().post(url, json=body, timeout=limit) as answer:
                        if answer.status < 400:
                            return await answer.json()
                        kind = str(answer.status)
                except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                    kind = type(error).__name__
                self._failed_at[url] = time.monotonic()
        if turn := current_turn():
            turn.failed = "B025 no action server"
        logger.error("B025 no action server answered: %s", kind)
        raise ClientResponseError(502, "no action server", "action failed")

    async def alive(self) -> bool:
        """Whether one of the servers is ready."""
        for url in self._order():
            health = url.rsplit("/", 1)[0] + "/health"
            try:
                async with self.session().get(
                    health, timeout=aiohttp.ClientTimeout(total=1.0)
                ) as answer:
                    if answer.status == 200:
                        return True
            except (aiohttp.ClientError, asyncio.TimeoutError):
                continue
        return False


class LocalActions(EndpointConfig):
    """The actions in this process."""

    def __init__(self, package: str = "actions") -> None:
        """Registers every action of `package`."""
        super().__init__(url="http://in.process/webhook")
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action."""
        call = kwargs["json"]
        try:
            with stage("act"):
                return await self._executor.run(call)
        except Exception:
            if turn := current_turn():
                turn.failed = "B026 action failed"
            raise
