"""Virtual environments of the benchmarks, cached under ``.cache/bench/``."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.cost import Cost

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".cache" / "bench"

PYTHON = "python3.11"
"""The newest Python that the official converter supports."""

OFFICIAL = ("tensorflowjs==4.22.0", "ydf==0.11.0")
"""Newer versions of ydf need a protobuf that conflicts with TensorFlow's."""


class BenchError(Exception):
    """A subject of a benchmark is missing or fails."""


def environment(name: str, requirements: Sequence[str]) -> Path:
    """Return the folder of a virtual environment; create it if it is missing.

    Raises:
        BenchError: If Python 3.11 is missing, or pip fails.
    """
    folder = FOLDER / name
    ready = folder / "ready"
    if not ready.exists():
        python = sys.executable if sys.version_info[:2] == (3, 11) else shutil.which(PYTHON)
        if python is None:
            raise BenchError(f"{PYTHON}: not found; the official converter runs on no newer one")
        _run([python, "-m", "venv", "--clear", folder])
        _run([folder / "bin" / "python", "-m", "pip", "install", "-q", *requirements])
        ready.touch()
    return folder


def size(folder: Path) -> int:
    """Return the size of the files below a folder on disk, in bytes."""
    return sum(each.lstat().st_blocks * 512 for each in folder.rglob("*"))


def measured(command: Sequence[str | Path]) -> Cost:
    """Run a program from the root of the repository, and return its cost.

    Raises:
        BenchError: If it fails; the message is the end of its output.
    """
    made = _run([sys.executable, "-m", "bench.cost", *command])
    cost = Cost(**json.loads(made.stdout))
    if cost.status:
        raise BenchError(f"{' '.join(map(str, command))}: {made.stderr.strip()[-2000:]}")
    return cost


def _run(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "web" / "py")))}
    ran = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise BenchError(f"{' '.join(map(str, command))}: {ran.stderr.strip()[-2000:]}")
    return ran
