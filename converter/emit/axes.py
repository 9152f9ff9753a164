"""Orders of axes."""


def to_last(rank: int, axis: int) -> tuple[list[int], list[int]]:
    """Return the order that moves an axis to the end, and the order that moves it back."""
    order = [i for i in range(rank) if i != axis] + [axis]
    return order, sorted(range(rank), key=order.__getitem__)
