"""Builds, serves and tests Glassbooth: `python build.py --help`.

Needs Python 3.11 or newer and nothing else. The first run makes `.venv`, where everything else
that is needed gets installed, and goes on inside it.
"""

import sys

# Any Python has to be able to read this file, so that an old one can say that it is too old.
OLDEST = (3, 11)
if sys.version_info < OLDEST:
    sys.exit(
        "Glassbooth needs Python {}.{} or newer, and this is Python {}.{} ({}). Install a newer "
        "one from https://www.python.org/downloads/ and name it in the command, for example "
        "python3.12 build.py".format(*(OLDEST + sys.version_info[:2] + (sys.executable,)))
    )

from glassbooth.dev.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
