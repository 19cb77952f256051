"""Rasa's own command line with our environment set first (no telemetry, no GPU)."""

import bot  # noqa: F401
from rasa.__main__ import main

main()
