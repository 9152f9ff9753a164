"""One call of `identify`, beside a page in JavaScript alone: ``python -m bench.identify_call``.

Both pages run in one browser, by turns, on WebAssembly, with the site as it was built last.
"""

import base64
import json
import re
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

from playwright.sync_api import Page, sync_playwright

from tests.e2e.booth import Booth
from tests.e2e.conftest import DIST, FLAGS
from tests.e2e.photographs import NAMES, SAMPLES
from tests.e2e.server import Host, Reply
from tools.browser import find_chromium

QUIET = [*(flag for flag in FLAGS if "swiftshader" not in flag), "--disable-gpu"]
"""Graphics computed in software would take the processor away from both."""
ROUNDS, WARM_UP = 12, 3
MODEL = "efficientnet-lite0"
ALONE = Path(__file__).parents[1] / "pages" / "alone.js"
SCRIPTS = re.compile(r"<script (type=.module.|type=.py.).*?</script>", re.DOTALL)
STEPS = ("decode", "prepare", "run", "read", "total")

Call: TypeAlias = Mapping[str, float]
"""Times of a call's steps in ms; ``run`` is inference with the way there and back."""

GIVE = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], 'picture.jpg'));
  const results = document.getElementById('photo-results');
  results.dataset.state = 'old';
  const done = new Promise((resolve) => new MutationObserver((_, observer) => {
    if (results.dataset.state !== 'done') return;
    observer.disconnect();
    resolve();
  }).observe(results, { attributeFilter: ['data-state'] }));
  const input = document.getElementById('photo-file');
  input.files = carried.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  await done;
  return [...document.querySelectorAll('#timeline tbody tr td:nth-child(3)')]
    .map((cell) => cell.textContent);
}"""
"""Within the page, as JavaScript's own call is: nothing asks the page meanwhile if it is done."""

ASK = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return identifier.identify(new Blob([bytes]));
}"""


def main() -> None:
    """Measure, and print a table."""
    with sync_playwright() as playwright, Host(DIST) as host:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        ours, alone = open_ours(browser.new_page(), host), open_alone(browser.new_page(), host)
        calls: list[tuple[Call, Call]] = []
        for turn in range(WARM_UP + ROUNDS):
            for name in NAMES:
                data = (SAMPLES / f"{name}.jpg").read_bytes()
                pair = ask_ours(ours, data), ask_alone(alone, data)
                if turn >= WARM_UP:
                    calls.append(pair)
        browser.close()
    show(calls)


def open_ours(page: Page, host: Host) -> Page:
    """Open the exhibit."""
    page.goto(f"{host.url}?backend=wasm#/identify")
    Booth(page).ready()
    return page


def open_alone(page: Page, host: Host) -> Page:
    """Open the exhibit's own page with JavaScript alone behind it, so that both show the same."""
    page_text = (DIST / "index.html").read_text()
    match = re.search(r'id="site">(.*?)</script>', page_text)
    assert match, "dist/index.html says where everything is"
    site = json.loads(match[1])
    host.replies["/alone.html"] = Reply(SCRIPTS.sub("", page_text).encode(), type="text/html")
    host.replies["/alone.js"] = Reply(ALONE.read_bytes(), type="text/javascript")
    page.goto(f"{host.url}alone.html#/identify")
    page.evaluate(
        """async ([engine, model]) => {
          const { Identifier } = await import('./alone.js');
          globalThis.identifier = new Identifier(new URL(engine, document.baseURI).href, model);
          await identifier.load();
        }""",
        [site["engine"], site["models"][MODEL]],
    )
    return page


def ask_ours(page: Page, data: bytes) -> Call:
    """Give a picture to the exhibit; return the times that it shows once it has answered."""
    page.bring_to_front()
    cells = page.evaluate(GIVE, base64.b64encode(data).decode())
    decode, prepare, crossing, inference, read, total = map(float, cells)
    run = crossing + inference
    return {"decode": decode, "prepare": prepare, "run": run, "read": read, "total": total}


def ask_alone(page: Page, data: bytes) -> dict[str, Any]:
    """Give a picture to the page in JavaScript alone."""
    page.bring_to_front()
    answer: dict[str, Any] = page.evaluate(ASK, base64.b64encode(data).decode())
    return answer


def show(calls: list[tuple[Call, Call]]) -> None:
    """Print medians of both, and the middle one of the ratios."""
    print(f"{'ms':8} {'Glassbooth':>10} {'JavaScript':>10}")
    for step in STEPS:
        ours, alone = (median(call[side][step] for call in calls) for side in (0, 1))
        print(f"{step:8} {ours:10.2f} {alone:10.2f}")
    ratio = median(ours["total"] / alone["total"] for ours, alone in calls)
    print(f"Glassbooth takes {ratio:.2f} times as long, in the middle one of {len(calls)} calls.")


if __name__ == "__main__":
    main()
