"""What goes wrong in recipes."""


class DataError(Exception):
    """Data or weights cannot be had, or are not what they should be."""


class TargetError(Exception):
    """The model that came out is not good enough to ship."""
