"""Words for numbers."""


def word(value: float) -> str:
    """Return how a number feels."""
    return "low" if value < 0 else "high"
