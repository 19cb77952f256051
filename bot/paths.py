"""Where things lie: the project's root, and what is made at run time under `build/`."""

from __future__ import annotations

import os
from pathlib import Path

from knowledge.content import CONTENT_DIR

ROOT = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("BOT_BUILD_DIR", ROOT / "build"))
MODEL = BUILD / "model.tar.gz"
STAMP = BUILD / "model.stamp"
TRACKERS = BUILD / "conversations.db"
FALLBACK = BUILD / "fallback.json"
LOGS = BUILD / "logs"
CONFIG = ROOT / "config.yml"
DOMAIN = ROOT / "domain.yml"
DATA = (ROOT / "data" / "nlu", ROOT / "data" / "rules")
CONTENT = CONTENT_DIR
WIDGET = ROOT / "bot" / "widget"
SCHEMA = ROOT / "bot" / "message.schema.json"
