"""Load and endurance, against a cluster on loopback only."""
