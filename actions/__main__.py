"""Process of the actions: `python -m actions PORT`, on loopback only."""

from __future__ import annotations

import logging
import sys

from rasa_sdk.endpoint import create_app

from actions.library import library


def main(port: int) -> None:
    """Serve the actions until stopped."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    library().store.snapshot()  # so that the first turn finds the content in memory
    app = create_app("actions", cors_origins=[])
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
