"""What was routed, without a word of what was said: an append-only, hash-chained log."""
