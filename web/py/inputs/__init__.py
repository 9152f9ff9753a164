"""Input kinds: convert a visitor's input to a network's input arrays."""
