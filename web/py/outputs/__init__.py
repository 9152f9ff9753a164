"""Output kinds: what the arrays that a network gives say."""
