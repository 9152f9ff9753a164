import re
import sys
from pathlib import Path

import pytest

from glassbooth.dev import browser
from glassbooth.dev.browser import find_chromium
from glassbooth.errors import BuildError


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a browser or a way to install one."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    for name in ("playwright_own", "playwright_install", "apt_install"):
        monkeypatch.setattr(browser, name, lambda: None)


def executable(path: Path) -> str:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_the_environment_names_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", mine := executable(tmp_path / "my-browser"))
    assert find_chromium() == mine


def test_the_environment_names_one_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(BuildError, match="CHROMIUM names /no/such/browser"):
        find_chromium()


@pytest.mark.skipif(sys.platform == "win32", reason="PATH is searched for .exe there")
@pytest.mark.parametrize("name", ["chromium", "google-chrome"])
def test_one_is_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    found = executable(tmp_path / name)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == found


def test_one_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "apt_install", lambda: "/usr/bin/chromium")
    assert find_chromium() == "/usr/bin/chromium"


def test_there_is_none() -> None:
    with pytest.raises(BuildError, match="install Chromium or Chrome, or name one"):
        find_chromium()


@pytest.mark.parametrize(
    "output", ["first line\\nno network", "first line\\nError: no network\\n    at ChildProcess"]
)
def test_an_install_that_fails_is_told_in_one_line(
    output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program = f"import sys; sys.exit('{output}')"
    assert not browser.succeeds("Downloading", [sys.executable, "-c", program])
    assert re.fullmatch("Downloading failed: (Error: )?no network\n", capsys.readouterr().out)


@pytest.mark.skipif(sys.platform != "linux", reason="only there are libraries left to the system")
@pytest.mark.parametrize(("status", "starts"), [(0, True), (127, False)])
def test_a_browser_has_to_start(tmp_path: Path, status: int, starts: bool) -> None:
    path = executable(tmp_path / "chrome")
    (tmp_path / "chrome").write_text(f"#!/bin/sh\nexit {status}\n")
    assert browser.starts(path) is starts


def test_an_install_that_hangs_is_given_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(browser, "DOWNLOAD_SECONDS", 0.2)
    program = "import time; time.sleep(60)"
    assert not browser.succeeds("Downloading", [sys.executable, "-c", program])
    assert capsys.readouterr().out == "Downloading: given up after 0.2 s.\n"
