"""Cost of running a program: ``python -m bench.cost PROGRAM ARGUMENT ...`` prints it as JSON.

It runs as a separate process because Linux includes the parent's memory in a child's peak.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Cost:
    """Cost of running a program.

    Attributes:
        seconds: Wall time.
        peak: Largest resident memory of one of its processes, in bytes.
        status: Its exit status.
    """

    seconds: float
    peak: int
    status: int


def run(command: list[str]) -> Cost:
    """Run a program with its output redirected to standard error."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(time.monotonic() - began, usage.ru_maxrss * unit, process.returncode)


if __name__ == "__main__":
    print(json.dumps(asdict(run(sys.argv[1:]))))
