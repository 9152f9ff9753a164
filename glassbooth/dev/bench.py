"""Runs the benchmarks of `bench` after installing what they need."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from glassbooth.dev.test import prepare
from glassbooth.environment import install_group
from glassbooth.project import Project
from glassbooth.site import build_site


def run_bench(project: Project, arguments: Sequence[str]) -> int:
    """Build the site and run `bench` with live output; return the exit status."""
    node = prepare(project)
    install_group(project, "models")
    build_site(project, node)
    path = os.pathsep.join([str(project.root), str(project.web / "py")])
    return subprocess.run(
        [sys.executable, "-m", "bench.cli", *arguments],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    ).returncode
