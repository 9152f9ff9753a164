"""`python -m glassbooth`."""

import sys

from glassbooth.cli import main

if __name__ == "__main__":
    sys.exit(main())
