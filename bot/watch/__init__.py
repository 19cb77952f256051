"""Watching the running assistant: numbers, logs, traces and health, never content."""
