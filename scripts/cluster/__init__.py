"""The production topology on one machine: real nginx, PostgreSQL and Redis on loopback."""
