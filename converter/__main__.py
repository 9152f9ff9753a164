"""`python -m converter`."""

import os
import sys

from converter.cli import main

BROKEN_PIPE, INTERRUPTED = 141, 130
"""Exit statuses of a shell for a closed pipe, and for Ctrl-C."""


def run() -> int:
    """Run the command line; exit without a traceback on a closed pipe or Ctrl-C."""
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
