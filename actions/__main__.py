"""Process of the actions: `python -m actions PORT [HOST]`, by default on loopback only."""

from __future__ import annotations

import gc
import logging
import sys
import traceback
from pathlib import Path

from rasa_sdk.endpoint import create_app

from actions.library import library


class PlacesOnly(logging.Formatter):
    """Where and what kind of error, and no words: an exception can quote what was typed."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        where = f"{record.name} {record.filename}:{record.lineno}"
        line = f"{self.formatTime(record)} {record.levelname} {where}"
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])[-6:]
            places = ", ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames)
            line += f" {record.exc_info[0].__name__} at {places}"
        return line


def main(port: int, host: str) -> None:
    """Serve the actions until stopped."""
    lines = logging.StreamHandler()
    lines.setFormatter(PlacesOnly())
    logging.basicConfig(level=logging.WARNING, handlers=[lines])
    library().store.snapshot()  # so that the first turn finds the content in memory
    app = create_app("actions", cors_origins=[])
    gc.collect()
    gc.freeze()  # what is loaded stays to the end: the collector need not walk over it
    app.run(host=host, port=port, workers=1, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1")
