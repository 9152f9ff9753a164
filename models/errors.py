"""Errors of the recipes."""


class DataError(Exception):
    """Data or weights are unavailable or invalid."""


class TargetError(Exception):
    """The trained or converted model misses a quality target."""
