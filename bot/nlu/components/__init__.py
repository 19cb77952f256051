"""Rasa graph components of the understanding pipeline."""
