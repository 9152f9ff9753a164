"""`python -m converter`."""

import os
import sys

from converter.cli import main

BROKEN_PIPE, INTERRUPTED = 141, 130
"""Exit statuses, as a shell gives them, when whoever reads went away, or on Ctrl-C."""


def run() -> int:
    """Run the command line; end quietly where it is stopped from outside."""
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


if __name__ == "__main__":
    sys.exit(run())
