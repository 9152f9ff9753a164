"""The one error that set-up, build and tests raise on purpose."""


class BuildError(Exception):
    """Something outside the code went wrong: its text says what happened and what to do.

    `build.py` prints the text and exits with 1; there is no traceback.
    """
