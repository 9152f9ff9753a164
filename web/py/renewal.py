"""Renews state that interpreters restored from one snapshot must not share.

The seed of `hash` stays: every string and dictionary of the snapshot was laid out with it.
"""

import random
import sys
import time


def renew() -> None:
    """Seed every generator of random numbers anew, and learn the visitor's time zone."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    if "tempfile" in sys.modules:
        sys.modules["tempfile"]._name_sequence = None  # type: ignore[attr-defined]
    if hasattr(time, "tzset"):
        time.tzset()
