"""Starts the side-by-side measurements once everything is there that they need."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from tools.environment import install_group
from tools.project import Project
from tools.site import build_site
from tools.test import prepare


def run_bench(project: Project, arguments: Sequence[str]) -> int:
    """Build the site and run `bench`, its output as it comes; return the exit status."""
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
