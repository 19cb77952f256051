"""Time to acknowledge in Teams, many conversations at once: `python -m scripts.bench_teams`.

The whole channel and the real model in one process, as a worker runs them; a Teams of our
own on the other side of the loop, in a process of its own so as not to share its time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import subprocess
import sys
import threading
import time
from typing import IO, Any

import aiohttp

from bot.evaluate.fake_teams import activity

SAYS = (
    "a boy in year 2 has a mark on his back, says his dad did it",
    "mash number please",
    "a girl is often hungry and comes in dirty clothes",
    "what is a strategy discussion",
)


async def _talk(
    session: aiohttp.ClientSession, now: dict[str, Any], number: int, turns: int
) -> list[float]:
    times = []
    chance = random.Random(number)  # noqa: S311 - a pause, no secret
    for turn in range(turns):
        await asyncio.sleep(chance.uniform(0, 2 * now["pause"]))
        body = activity(now["service_url"], SAYS[(number + turn) % len(SAYS)], user=f"u{number}")
        head = {"Authorization": f"Bearer {now['token']}"}
        began = time.perf_counter()
        async with session.post(now["address"], json=body, headers=head) as answer:
            await answer.read()
            if answer.status != 202:
                raise RuntimeError(f"not acknowledged: {answer.status}")
        times.append(time.perf_counter() - began)
    return times


async def load(now: dict[str, Any], talks: int, turns: int) -> list[float]:
    """Every conversation sends its turns; the seconds to each acknowledgement."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        found = await asyncio.gather(*(_talk(session, now, n, turns) for n in range(talks)))
    return [t for times in found for t in times]


def serve() -> None:
    """The channel in this process; prints where it is, ends with its input."""
    from bot.evaluate.teams_speaker import TeamsServer
    from bot.plain_fallback import fallback_message
    from bot.runtime.talk import Assistant

    assistant = Assistant()
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    server = TeamsServer(assistant.agent)
    asyncio.run_coroutine_threadsafe(server.start(), loop).result(60)
    url = server.connector.url
    where = {
        "address": server.address,
        "service_url": url,
        "token": server.tokens.sign(url),
    }
    print(json.dumps(where), flush=True)
    sys.stdin.read()
    asyncio.run_coroutine_threadsafe(server.stop(), loop).result(120)
    sent = server.connector.messages()
    fixed = fallback_message()["text"]
    spoken = [a["content"].get("speak") for s in sent for a in s.activity.get("attachments", [])]
    print(json.dumps({"messages": len(sent), "fixed": spoken.count(fixed)}), flush=True)


def measured(
    server: subprocess.Popen[str], args: argparse.Namespace
) -> tuple[list[float], dict[str, int]]:
    """The seconds to each acknowledgement, and what the channel says of its answers.

    Raises:
        ValueError, OSError, aiohttp.ClientError: the channel ended before it was done.
    """
    if server.stdout is None or server.stdin is None:
        raise OSError("no pipe to the server")
    now = {**_next(server.stdout), "pause": args.pause}
    asyncio.run(load(now, 1, 3))
    times = asyncio.run(load(now, args.talks, args.turns))
    server.stdin.close()
    return times, _next(server.stdout)


def _next(lines: IO[str]) -> dict[str, Any]:
    """The next line that is JSON; libraries may print others."""
    found: dict[str, Any] = json.loads(next((line for line in lines if line[:1] == "{"), ""))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--serve", action="store_true", help="used by itself")
    parser.add_argument("--talks", type=int, default=20)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--pause", type=float, default=2.0, help="mean seconds between turns")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for all of it")
    args = parser.parse_args()
    if args.serve:
        serve()
        return
    command = [sys.executable, "-m", "scripts.bench_teams", "--serve"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        too_long = threading.Timer(args.limit, server.kill)
        too_long.start()
        try:
            times, served = measured(server, args)
        except (OSError, ValueError, aiohttp.ClientError) as error:
            raise SystemExit(
                f"no figure: the channel ended, or took over {args.limit} s"
            ) from error
        finally:
            too_long.cancel()
            server.kill()
    cuts = statistics.quantiles(times, n=100)
    report = {
        "talks": args.talks,
        "acknowledged": len(times),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p95_ms": round(cuts[94] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "worst_ms": round(max(times) * 1000, 1),
        **served,
    }
    print(json.dumps(report))
    if served["fixed"]:
        raise SystemExit("some answers were the fixed one: the load is more than it can bear")


if __name__ == "__main__":
    main()
