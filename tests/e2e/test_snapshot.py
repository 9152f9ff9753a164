"""Python starts from its snapshot, and without it if it is missing, damaged or of another build."""

import base64
import hashlib
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.e2e.booth import BoothPage, run_python
from tests.e2e.conftest import DIST, OpenBooth
from tests.e2e.server import Reply, StaticHost

PAGE = (DIST / "index.html").read_text()
SITE = json.loads(re.findall(r'id="site">(.*?)</script>', PAGE)[0])
MEMORY = SITE["snapshot"]["memory"]
FALLBACK = ("python_stdlib.zip", "py.zip", ".whl")
Damage = Callable[[StaticHost], None]


def fallback_requests(host: StaticHost) -> list[str]:
    return [path for path in host.requests if path.endswith(FALLBACK)]


def test_python_starts_from_it_and_fetches_nothing_else(
    open_booth: OpenBooth, host: StaticHost
) -> None:
    warnings: list[str] = []
    booth = open_booth(service_workers="block")
    booth.page.on("console", lambda message: warnings.append(message.text))
    booth.ready()
    booth.draw(7)
    booth.reads(7)
    assert fallback_requests(host) == []
    assert [text for text in warnings if "snapshot" in text] == []


def missing(host: StaticHost) -> None:
    host.replies[MEMORY] = Reply(b"gone", 404)


def unreachable(host: StaticHost) -> None:
    host.replies[MEMORY] = Reply(None)


def damaged(host: StaticHost) -> None:
    content = bytearray((DIST / MEMORY).read_bytes())
    content[len(content) // 2] ^= 1
    host.replies[MEMORY] = Reply(bytes(content), type="application/wasm")


def of_another_build(host: StaticHost) -> None:
    """Serve a valid snapshot with another Pyodide build id."""
    content = (DIST / MEMORY).read_bytes()
    (number,) = re.findall(rb'"build":"(\w+)"', content)
    content = content.replace(number, number[::-1])
    integrity = "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()
    page = PAGE.replace(SITE["snapshot"]["integrity"], integrity)
    host.replies[MEMORY] = Reply(content, type="application/wasm")
    host.replies["/"] = Reply(page.encode(), type="text/html")


def without_a_library(host: StaticHost) -> None:
    host.replies[next(iter(SITE["snapshot"]["libraries"].values()))] = Reply(b"gone", 404)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (missing, ""),
        (unreachable, ""),
        (damaged, ""),
        (of_another_build, "it is of another Pyodide"),
        (without_a_library, "is missing"),
    ],
)
def test_without_it_python_starts_all_the_same(
    open_booth: OpenBooth, host: StaticHost, damage: Damage, reason: str
) -> None:
    damage(host)
    said: list[str] = []
    booth = open_booth("#/digits", service_workers="block")
    booth.page.on("console", lambda message: said.append(message.text))
    booth.ready()
    booth.draw(4)
    booth.reads(4)
    (line,) = [text for text in said if "starts without its snapshot" in text]
    assert reason in line
    assert {path.rpartition(".")[2] for path in fallback_requests(host)} == {"zip", "whl"}


def test_without_https_a_damaged_one_is_noticed_all_the_same(
    browser: Browser, host: StaticHost
) -> None:
    damaged(host)
    said: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{host.url.replace('localhost', 'plain.test')}#/digits")
    booth = BoothPage(page).ready()
    assert not page.evaluate("isSecureContext")
    booth.draw(4)
    booth.reads(4)
    assert len([text for text in said if "starts without its snapshot" in text]) == 1
    page.close()


RANDOM = """
import hashlib, os, random, tempfile, uuid
js.document.title = f"{random.random()} {uuid.uuid4()} {os.urandom(4)} {tempfile.mktemp()}"
"""


def test_no_two_visitors_draw_the_same_random_numbers(open_booth: OpenBooth) -> None:
    first, second = (
        run_python(open_booth(service_workers="block").ready().page, RANDOM).split()
        for _ in range(2)
    )
    assert all(one != other for one, other in zip(first, second, strict=True))


def test_the_time_is_the_visitor_s(open_booth: OpenBooth) -> None:
    booth = open_booth(service_workers="block", timezone_id="Asia/Kathmandu").ready()
    asked = "import time; js.document.title = time.strftime('%Y-%m-%d %H %z')"
    now = booth.page.evaluate("new Date().toLocaleString('sv')").split(":")[0]
    assert run_python(booth.page, asked) == f"{now} +0545"


def test_a_module_that_is_not_in_it_comes_when_it_is_imported(
    open_booth: OpenBooth, host: StaticHost
) -> None:
    page = open_booth(service_workers="block").ready().page
    assert fallback_requests(host) == []
    assert run_python(page, "import wave; js.document.title = wave.__name__") == "wave"
    assert len(fallback_requests(host)) == 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("import numpy; numpy.linalg.inv(numpy.eye(2))", "no module in web/py names numpy.linalg"),
        ("import numpy.testing", "no module in web/py names it"),
        ("import pyscript", "use js and pyodide.ffi"),
    ],
)
def test_what_was_left_out_is_said(open_booth: OpenBooth, asked: str, told: str) -> None:
    page = open_booth(service_workers="block").ready().page
    source = f"""
try:
    {asked}
except ImportError as error:
    js.document.title = str(error)
"""
    assert told in run_python(page, source)
