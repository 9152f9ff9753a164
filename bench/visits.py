"""Visits a page in its own browser until the first correct answer."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Playwright, expect

from bench.environments import BenchError
from bench.forms import TransferSize, weigh
from bench.host import BenchHost
from bench.peers import PEERS
from glassbooth.dev.browser import find_chromium
from glassbooth.dev.browsing import NO_GRAPHICS, SAMPLES

CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
UNSAMPLED = "--enable-features=HeapProfilerReporting:stable-probability/0/nonstable-probability/0"
QUIET = [*NO_GRAPHICS, *CAMERA, UNSAMPLED]
"""Graphics computed in software would take the processor away from what is measured. Where Chromium
samples its heap, as it does now and then, pages crash that run Python on stacks of its own."""
DRIVER = Path(__file__).parent / "pages" / "driver.js"
PATIENCE_MS = 120_000
REST_MS = 2000
"""Pause after a browser has started, while its own windows occupy the cores."""
RESULT_PREFIX = "visit: "
"""Prefix of the driver's console line; followed by the time of the answer in ms, or an error."""


@dataclass(frozen=True)
class Task:
    """A visitor's task on a page.

    Attributes:
        exhibit: The exhibit.
        expected: Text that the correct answer contains.
        picture: Name of the sample photograph to give, if any.
    """

    exhibit: str
    expected: str
    picture: str = ""

    def driver(self) -> str:
        """Return the script that performs the task, to be injected into a page."""
        picture = (SAMPLES / f"{self.picture}.jpg").read_bytes() if self.picture else b""
        task = {
            "exhibit": self.exhibit,
            "expected": self.expected,
            "picture": base64.b64encode(picture).decode(),
        }
        return f"const TASK = {json.dumps(task)};\n{DRIVER.read_text(encoding='utf-8')}"


DIGITS = Task("digits", "7")
IDENTIFY = Task("identify", "espresso", "coffee")
DETECT = Task("detect", "motorcycle", "motorcycle")
DANCE = Task("dance", "a second")


@dataclass(frozen=True)
class Visit:
    """Result of a visit.

    Attributes:
        answer: Time of the first correct answer in ms after navigation start.
        sent: Files that the host had sent by then.
    """

    answer: float
    sent: tuple[Path, ...]

    @property
    def weight(self) -> TransferSize:
        """Transfer size."""
        return sum((weigh(path) for path in self.sent), TransferSize())


@contextmanager
def browser(
    playwright: Playwright, profile: Path, workers: Literal["allow", "block"] = "allow"
) -> Iterator[BrowserContext]:
    """Start a browser on a persistent profile, with or without service workers."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=find_chromium(), args=QUIET, service_workers=workers
    )
    try:
        context.pages[0].wait_for_timeout(REST_MS)
        yield context
    finally:
        context.close()


def visit(
    playwright: Playwright, host: BenchHost, side: str, task: Task, profile: Path | None = None
) -> Visit:
    """Visit a page in a new browser.

    Args:
        playwright: Starts the browser.
        host: Host of the pages.
        side: Side whose page to visit.
        task: The visitor's task.
        profile: Persistent profile, which gives Glassbooth time to precache itself for offline use.
            Without one, a temporary profile is used for a first visit.
    """
    if profile is None:
        with fresh_profile() as new, browser(playwright, new) as context:
            return go(context.pages[0], host, side, task)
    with browser(playwright, profile) as context:
        made = go(context.pages[0], host, side, task)
        if side not in PEERS:
            expect(context.pages[0].get_by_test_id("offline")).to_be_visible(timeout=PATIENCE_MS)
    return made


def go(page: Page, host: BenchHost, side: str, task: Task) -> Visit:
    """Visit a page in a running browser.

    Raises:
        BenchError: If the page fails, crashes, or gives no correct answer.
    """
    page.add_init_script(task.driver())
    path = PEERS.get(side, "")
    host.sent.clear()
    try:
        # Playwright's own waiting would inject a large script into the page.
        with page.expect_console_message(_is_told, timeout=PATIENCE_MS) as told:
            page.goto(f"{host.url}{path}#/{task.exhibit}", wait_until="commit")
        return Visit(float(told.value.text.removeprefix(RESULT_PREFIX)), tuple(host.sent))
    except (Error, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise BenchError(f"{side}, {task.exhibit}: {reason}; look at {page.url}") from error


def _is_told(message: ConsoleMessage) -> bool:
    return message.text.startswith(RESULT_PREFIX)


@contextmanager
def fresh_profile() -> Iterator[Path]:
    """Make a folder for a new profile."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def chromium_version(playwright: Playwright) -> str:
    """Return the browser's version."""
    chromium = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
    try:
        return chromium.version
    finally:
        chromium.close()
