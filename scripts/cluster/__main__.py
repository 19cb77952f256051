"""`make cluster`: start it, say where it is, and stop it on Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from scripts.cluster.services import MissingService
from scripts.cluster.topology import Cluster, check_fallback


def main() -> None:
    """Run until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--actions", type=int, default=2)
    args = parser.parse_args()
    ended = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ended.set())
    try:
        check_fallback()
        with Cluster(args.workers, args.actions, tell=print) as cluster:
            for part in cluster.parts():
                print(f"{part.name:<10} {part.url or 'ready'}")
            print(f"logs       {cluster.folder / 'logs'}")
            print(f"Open {cluster.address}/ (Ctrl-C stops everything)", flush=True)
            ended.wait()
    except (MissingService, FileNotFoundError, RuntimeError, TimeoutError) as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
