"""Alembic migrations of our own tables; Rasa's and the knowledge base's make themselves."""
