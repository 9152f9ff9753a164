"""Output kinds: convert a network's output arrays to answers."""
