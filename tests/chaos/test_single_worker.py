"""Faults of one worker that is started for the test: full disk, wrong clock."""

from __future__ import annotations

import resource
import signal
import subprocess
from pathlib import Path

import pytest

from bot.paths import BUILD
from tests.chaos.client import Client, holds_the_numbers, is_fixed, question_of

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.chaos]
WORRY = "a boy in year 4 is always hungry and dirty"
LIMIT = 3.0


class SmallDisk:
    """A file system of a megabyte; where none can be mounted, a limit on the file's size."""

    def __init__(self, place: Path) -> None:
        self.place = place
        command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
        self.mounted = subprocess.run(command, capture_output=True).returncode == 0

    def fill(self, pid: int) -> None:
        """Leave no byte."""
        if not self.mounted:
            largest = max(f.stat().st_size for f in self.place.iterdir())
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
            return
        with (self.place / "filler").open("wb", buffering=0) as file:
            for block in (65536, 4096, 512):
                try:
                    while True:
                        file.write(b"x" * block)
                except OSError:
                    continue

    def free(self, pid: int) -> None:
        """Room again."""
        (self.place / "filler").unlink(missing_ok=True)
        most = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, most)

    def close(self) -> None:
        """As before."""
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.place)], check=True)


def test_disk_full(cluster, tmp_path):
    """Conversations in SQLite on a full disk: the fixed answer; with room again, the real one."""
    disk = SmallDisk(tmp_path)
    worker = cluster.new_worker("small-disk")
    worker.env["BOT_TRACKER_URL"] = f"sqlite:///{disk.place / 'conversations.db'}"
    worker.start()
    try:
        cluster.wait_ready(worker)
        client = Client(worker.url.replace("/health/ready", ""))
        assert question_of(client.say(WORRY)) == "safe_now"
        disk.fill(worker.process.pid)
        for number in range(40):
            messages, took = client.send("yes", f"on-a-full-disk-{number}")
            assert took < LIMIT
            assert messages
            if is_fixed(messages):
                assert holds_the_numbers(messages)
                break
            # The pages that were there already took it: back to where the question is open.
            client.send("start again", f"fill-the-last-page-{number}")
            client.send(WORRY, f"fill-the-next-page-{number}")
        else:
            pytest.fail("the full disk was never noticed")
        disk.free(worker.process.pid)
        messages, _ = client.send(WORRY)
        assert question_of(messages) is not None
        assert not is_fixed(messages)
        assert worker.process.poll() is None
    finally:
        worker.stop()
        disk.close()


def test_clock_of_one_worker_wrong_by_days(cluster):
    """Turns alternate between a worker whose clock is two days ahead and one that is right."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    assert library, "apt-get install faketime"
    worker = cluster.new_worker("wrong-clock", BUILD)
    worker.env.update(
        LD_PRELOAD=str(library),
        FAKETIME="+2d",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
        DONT_FAKE_MONOTONIC="1",
    )
    worker.start()
    try:
        cluster.wait_ready(worker)
        ahead = worker.url.replace("/health/ready", "")
        right = cluster.workers[0].url.replace("/health/ready", "")
        client = Client(ahead)
        assert question_of(client.say(WORRY)) == "safe_now"
        client.address = right
        assert question_of(client.say("yes")) == "child_borough"
        client.address = ahead
        # A session ends after an hour: two days later by its clock the worry is asked anew,
        # and never answered by half of what was said.
        messages = client.say("hackney")
        assert messages
        client.address = right
        assert question_of(client.say(WORRY)) is not None
        assert client.longest < LIMIT
        messages = client.say("he has just collapsed and is not breathing")
        assert "999" in messages[0]["text"]
    finally:
        cluster.signal(worker, signal.SIGCONT)
        worker.stop()
