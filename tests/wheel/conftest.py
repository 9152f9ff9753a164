"""Fixtures of a user's machine: an environment with only the wheel, and a booth."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from glassbooth.dev import venv
from glassbooth.dev.packaging import make_wheel
from glassbooth.project import HERE
from tests.e2e.conftest import browser, chromium, playwright

__all__ = ["browser", "chromium", "playwright"]

BOOTH = """
title = "My digits"
text = "Draw one."

[[exhibit]]
page = "digits"
"""


@dataclass(frozen=True)
class Maker:
    """A virtual environment, and a folder for its tools' caches."""

    venv: Path
    cache: Path

    @property
    def programs(self) -> Path:
        return venv.venv_python(self.venv).parent

    @property
    def packages(self) -> Path:
        (found,) = self.venv.rglob("site-packages")
        return found

    @property
    def variables(self) -> dict[str, str]:
        """Environment variables that hide the checkout and the system's Node."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        return {**kept, "PATH": str(self.programs), "XDG_CACHE_HOME": str(self.cache)}

    def run(self, *command: str | Path, folder: Path | None = None) -> str:
        """Run a program of the environment; return its output."""
        done = self.attempt(*command, folder=folder)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def attempt(
        self, *command: str | Path, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        program, *arguments = map(str, command)
        return subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=folder or self.venv,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def serving(self, booth: Path) -> Iterator[str]:
        """Run `glassbooth serve`; yield the address that it prints."""
        server = subprocess.Popen(
            [self.programs / "glassbooth", "serve", "--port", "0"],
            cwd=booth,
            env=self.variables,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout
            said = next(line for line in server.stdout if line.startswith("Open http"))
            yield said.split()[1]
        finally:
            server.terminate()
            server.wait()


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_wheel(HERE, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    folder = tmp_path_factory.mktemp("maker")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    return Maker(folder / "venv", folder / "cache")


@pytest.fixture(scope="session")
def before(empty: Maker) -> set[str]:
    """Content of site-packages before the wheel was installed."""
    return {path.name for path in empty.packages.iterdir()}


@pytest.fixture(scope="session")
def maker(empty: Maker, before: set[str], wheel: Path) -> Maker:
    empty.run("python", "-m", "pip", "install", "--disable-pip-version-check", wheel)
    return empty


@pytest.fixture(scope="session")
def onnx_maker(maker: Maker) -> Maker:
    """The same environment with the extra `onnx`; only for the last tests."""
    maker.run("python", "-m", "pip", "install", "--disable-pip-version-check", "glassbooth[onnx]")
    return maker


def copy_booth(folder: Path) -> Path:
    shutil.copytree(HERE.models / "digits", folder / "models" / "digits")
    (folder / "booth.toml").write_text(BOOTH, encoding="utf-8")
    return folder


@pytest.fixture
def booth(tmp_path: Path) -> Path:
    """A booth with only the digits page."""
    return copy_booth(tmp_path / "booth")


@pytest.fixture(scope="session")
def built(maker: Maker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The booth with its site built in `dist/`."""
    booth = copy_booth(tmp_path_factory.mktemp("booth") / "mine")
    maker.run("glassbooth", "build", folder=booth)
    return booth
