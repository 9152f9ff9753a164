"""The error that set-up, build and tests raise for expected failures."""


class BuildError(Exception):
    """An expected failure: its text says what happened and what to do.

    `build.py` prints the text and exits with 1, without a traceback.
    """
