"""Trainers' scripted scenarios: the format, its checks, the player, sessions and debriefs.

Training never mixes with real talks: its own database, its own assistant, its own figures.
"""
