"""Shared by tests and benchmarks that drive a browser: flags, sample pictures, waiting."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from glassbooth.project import HERE

FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP plain.test 127.0.0.1",  # a host without HTTPS
]
"""Flags of Chromium with software rendering."""
NO_GRAPHICS = [*(flag for flag in FLAGS if "swiftshader" not in flag), "--disable-gpu"]
"""Flags of Chromium without a GPU, which is faster than software rendering."""
SAMPLES = HERE.web / "samples"
"""Folder of the demo's photographs."""
SAMPLE_NAMES = ("astronaut", "cat", "coffee", "motorcycle", "rocket")
"""File names of the photographs, without `.jpg`."""
READY_MS = 60_000


def wait_until_ready(page: Page) -> None:
    """Wait until Python and the current exhibit's network are loaded."""
    expect(page.locator("body")).to_have_attribute("data-state", "ready", timeout=READY_MS)
