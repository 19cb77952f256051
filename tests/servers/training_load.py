"""A led session with many learners over real sockets: what it took, and what came out.

`python -m tests.servers.training_load ADDRESS [LEARNERS [ADDRESS]]` prints the figures.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp

SCENARIO = "bruise-ear-hackney"


@dataclass
class Played:
    """What a played session measured, in seconds, and where it can be seen."""

    lead: str
    learners: list[str]
    sent: Counter[str]
    shown: dict[str, int]
    live: list[float] = field(default_factory=list)
    scene: list[float] = field(default_factory=list)

    @staticmethod
    def p95(values: list[float]) -> float:
        """The 95th percentile."""
        ordered = sorted(values)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


class Stream:
    """A page's server-sent events; remembers when each state came."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http, self._url = http, url
        self.states: list[tuple[float, dict[str, Any]]] = []
        self._task = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        async with self._http.get(self._url, timeout=aiohttp.ClientTimeout(total=None)) as answer:
            buffer = b""
            async for chunk in answer.content.iter_any():
                buffer += chunk
                while b"\n\n" in buffer:
                    block, buffer = buffer.split(b"\n\n", 1)
                    for line in block.split(b"\n"):
                        if line.startswith(b"data: "):
                            now = time.perf_counter()
                            self.states.append((now, json.loads(line[6:])))

    async def until(self, wanted, seconds: float = 20) -> float:
        """When a state first was as wanted."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for at, state in self.states:
                if wanted(state):
                    return at
            await asyncio.sleep(0.002)
        raise AssertionError(f"{self._url}: not seen; last {self.states[-1:]}")

    async def close(self) -> None:
        """Stop reading."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def post(http: aiohttp.ClientSession, url: str, **form: str) -> Any:
    """Send a form as the page's script does."""
    async with http.post(url, data=form, headers={"X-Fragment": "1"}) as answer:
        assert answer.status == 200, (url, answer.status)
        return await answer.json()


async def open_session(http: aiohttp.ClientSession, address: str) -> tuple[str, str]:
    """(address of the trainer's page, code) of a new group session."""
    async with http.post(f"{address}/training/open/{SCENARIO}", allow_redirects=False) as answer:
        lead = address + answer.headers["Location"].split("?")[0]
    async with http.get(lead) as page:
        found = re.search(r"code ([A-Z0-9]{6})", await page.text())
    assert found
    return lead, found.group(1)


async def join(http: aiohttp.ClientSession, address: str, code: str) -> str:
    """The address of a new learner's page."""
    async with http.post(
        f"{address}/training/join", data={"code": code}, allow_redirects=False
    ) as answer:
        assert answer.status == 303, await answer.text()
        return address + answer.headers["Location"]


async def play(
    address: str, learners: int = 30, gap: float = 0.05, phones: str | None = None
) -> Played:
    """Open, join, step, answer: `gap` seconds lie between two learners' answers.

    `phones` is the address of another process on the same database that serves the learners.
    """
    choices = ("listen", "secret", "probe", "later")
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        lead, code = await open_session(http, address)
        pages = [await join(http, phones or address, code) for _ in range(learners)]
        trainer = Stream(http, f"{lead}/events")
        streams = [Stream(http, f"{page}/events") for page in pages]
        await trainer.until(lambda s: f"<strong>{learners}</strong> joined" in s["live"])
        begun = time.perf_counter()
        await post(http, f"{lead}/step")
        scene = [await s.until(lambda s: "What do you say to M now?" in s.get("view", "")) - begun
                 for s in streams]  # fmt: skip
        sent: Counter[str] = Counter()
        live: list[float] = []

        async def answer(number: int) -> None:
            await asyncio.sleep(number * gap)
            choice = choices[number % 4 if number % 3 else 0]
            sent[choice] += 1
            before = time.perf_counter()
            mine = await post(http, f"{pages[number]}/answer", choice=choice)
            answered = await trainer.until(lambda s: s["number"] >= mine["number"])
            live.append(max(0.0, answered - before))

        await asyncio.gather(*(answer(n) for n in range(learners)))
        await trainer.until(lambda s: s["answered"] == learners)
        await post(http, f"{lead}/reveal")
        for stream in streams:
            await stream.until(lambda s: "odel answer" in s.get("view", ""))  # or: The model
        await trainer.until(lambda s: "Model answer" in s["live"])
        shown = trainer.states[-1][1]["counts"]
        for stream in [trainer, *streams]:
            await stream.close()
        return Played(lead, pages, sent, shown, live, scene)


def main() -> None:
    """Print the figures of one session."""
    learners = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    phones = sys.argv[3].rstrip("/") if len(sys.argv) > 3 else None
    done = asyncio.run(play(sys.argv[1].rstrip("/"), learners, phones=phones))
    assert {k: v for k, v in done.shown.items() if v} == dict(done.sent), (done.shown, done.sent)
    print(f"{learners} learners; spread as sent: {dict(done.sent)}")
    print(f"answer to trainer's screen: p95 {1000 * done.p95(done.live):.0f} ms")
    print(f"scene to all phones: p95 {1000 * done.p95(done.scene):.0f} ms")


if __name__ == "__main__":
    main()
