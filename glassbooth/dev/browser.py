"""Finds a Chromium for the end-to-end tests, or installs one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from glassbooth.console import say, task
from glassbooth.errors import BuildError

VARIABLE = "GLASSBOOTH_CHROMIUM"
"""Environment variable with the browser's path for the tests."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
DOWNLOAD_SECONDS = 300
"""Timeout for Playwright's browser (170 MB); on a closed network the download hangs."""


def find_chromium() -> str:
    """Return the path of a Chromium, installing one if there is none.

    Raises:
        BuildError: There is none and none can be installed, or CHROMIUM names a missing file.
    """
    attempts: tuple[Callable[[], str | None], ...] = (
        named,
        on_path,
        playwright_own,
        playwright_install,
        apt_install,
    )
    for attempt in attempts:
        found = attempt()
        if found:
            return found
    raise BuildError(
        "The end-to-end tests need Chromium, and there is none: install Chromium or Chrome, or"
        " name one that is installed elsewhere in the environment variable CHROMIUM."
    )


def named() -> str | None:
    """Return the path in the environment variable CHROMIUM, if it is set."""
    path = os.environ.get("CHROMIUM")
    if path and not Path(path).is_file():
        raise BuildError(f"CHROMIUM names {path}, where there is nothing: correct or unset it.")
    return path or None


def on_path() -> str | None:
    """Return the system's Chromium, if it is on PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def playwright_own() -> str | None:
    """Return the Chromium that Playwright has installed, if there is one."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only tests install it

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def playwright_install() -> str | None:
    """Install Chromium with Playwright."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    done = succeeds("Downloading Chromium with Playwright", command)
    path = playwright_own() if done else None
    return path if path and starts(path) else None


def starts(path: str) -> bool:
    """Whether a browser finds the system libraries that it needs; only checked on Linux."""
    if sys.platform != "linux":
        return True
    if subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
        return True
    say(f"{path} does not start: system libraries that it needs are missing.")
    return False


def apt_install() -> str | None:
    """Install Debian's Chromium, if this process runs as root."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return None
    commands = (["apt-get", "update"], ["apt-get", "install", "--yes", "chromium"])
    done = all(succeeds(f"Running {' '.join(command)}", command) for command in commands)
    return on_path() if done else None


def succeeds(what: str, command: list[str]) -> bool:
    """Run an install command; on failure, print the reason in one line and return False."""
    try:
        with task(what):
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                text=True,
                timeout=DOWNLOAD_SECONDS,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or error.stdout or "no output").strip().splitlines()
        reason = next((line for line in lines if line.startswith(("Error", "E:"))), lines[-1])
        say(f"{what} failed: {reason}")
        return False
    except subprocess.TimeoutExpired:
        say(f"{what}: given up after {DOWNLOAD_SECONDS} s.")
        return False
    return True
