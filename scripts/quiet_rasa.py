"""Rasa's own command line with our environment set first (no telemetry, no GPU)."""

from rasa.__main__ import main

import bot  # noqa: F401

main()
