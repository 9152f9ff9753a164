"""Soak test of an unattended kiosk with visitors and injected faults.

A short version is among the tests. The full one runs on demand, here for an hour:

    python build.py
    export PYTHONPATH=web/py GLASSBOOTH_CHROMIUM=/usr/bin/chromium
    python -m tests.e2e.soak --exhibit dance --minutes 60
"""

import argparse
import os
import random
import sys
import time

from playwright.sync_api import sync_playwright

from glassbooth.dev.browsing import FLAGS, NO_GRAPHICS
from tests.e2e.conftest import DIST, watched
from tests.e2e.server import StaticHost
from tests.e2e.visitors import Dancers, Drawers, Memory, Visitors

MORE_HEAP = 3e6
"""Allowed growth of the page's heap after garbage collection, in bytes."""

SETTLING = 3
"""Visits after which memory is expected to be stable."""

EXHIBITS: dict[str, tuple[type[Visitors], list[str]]] = {
    "digits": (Drawers, FLAGS),
    "dance": (Dancers, [*NO_GRAPHICS, "--use-fake-device-for-media-stream"]),
}
"""Visitors and browser flags, by exhibit."""


def run(visitors: Visitors, minutes: float) -> None:
    """Simulate visits until the time is over, with a fault in every third."""
    until, chance = time.monotonic() + minutes * 60, random.Random(5)
    held: dict[tuple[str, ...], Memory] = {}
    heaps: list[float] = []
    while time.monotonic() < until:
        fault = chance.choice(visitors.faults()) if len(heaps) % 3 == 2 else None
        visitors.come(chance, fault)
        memory = visitors.memory()
        heaps.append(memory.heap)
        what = fault.__name__ if fault else "a visit"
        _say(f"{len(heaps):5} {what:18} {memory}")
        assert visitors.strange == {}, visitors.strange
        first = held.setdefault(memory.networks, memory)
        assert (memory.tensors, memory.bytes) == (first.tensors, first.bytes), (first, memory)
        assert memory.heap < max(heaps[:SETTLING]) + MORE_HEAP, heaps
    told = [(each["remedy"], each["reason"], each["times"]) for each in visitors.kiosk.recoveries]
    _say(f"{len(heaps)} visits, {sum(times for *_, times in told)} recoveries; all saw the same")


def _say(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exhibit", choices=EXHIBITS, default="digits")
    parser.add_argument("--minutes", type=float, default=60)
    given = parser.parse_args()
    people, flags = EXHIBITS[given.exhibit]
    with sync_playwright() as playwright, StaticHost(DIST) as host:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("GLASSBOOTH_CHROMIUM"), args=flags
        )
        context = browser.new_context()
        context.grant_permissions(["camera"])
        with watched(context, host.origin):
            visitors = people(context.new_page())
            visitors.open(host)
            run(visitors, given.minutes)
        browser.close()


if __name__ == "__main__":
    main()
