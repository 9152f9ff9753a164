"""Renew state that interpreters restored from one snapshot must not share.

The seed of `hash` is kept: strings and dictionaries of the snapshot depend on it.
"""

import random
import sys
import time


def renew() -> None:
    """Reseed all random number generators, and set the visitor's time zone."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    if "tempfile" in sys.modules:
        sys.modules["tempfile"]._name_sequence = None  # type: ignore[attr-defined]
    if hasattr(time, "tzset"):
        time.tzset()
