"""Multi-threaded WebAssembly, from the second visit on, which the service worker serves."""

import pytest
from playwright.sync_api import Page

from tests.e2e.booth import BoothPage, PhotoPage
from tests.e2e.conftest import OpenBooth
from tests.e2e.photographs import encode, sample

THREADS = "glassbooth.engine.stats().then(({ threads }) => threads)"
BLOCKED = """const blob = URL.createObjectURL;
URL.createObjectURL = (file) => (file.size === 14 ? 'blob:nowhere' : blob(file));"""
"""Keeps the trial worker from starting, like a host's own security policy."""


def visited(open_booth: OpenBooth, path: str = "?backend=wasm#/identify") -> Page:
    """Return the page of a second visit."""
    page = open_booth(path).ready().kept().page
    page.reload()
    BoothPage(page).ready()
    return page


def test_a_second_visit_computes_on_threads_and_answers_right(open_booth: OpenBooth) -> None:
    booth = open_booth("?backend=wasm#/identify").ready().kept()
    page, photos = booth.page, PhotoPage(booth.page)
    photos.give(encode(sample("coffee")))
    alone = photos.answered()["results"]
    assert not page.evaluate("crossOriginIsolated")
    assert page.evaluate(THREADS) == 1

    page.reload()
    booth.ready()
    photos.give(encode(sample("coffee")))
    together = photos.answered()["results"]
    assert page.evaluate("crossOriginIsolated")
    assert page.evaluate(THREADS) > 1
    assert [each["className"] for each in together] == [each["className"] for each in alone]
    for one, other in zip(alone, together, strict=True):
        assert one["probability"] == pytest.approx(other["probability"], abs=1e-4)


def test_where_threads_do_not_start_one_is_enough(open_booth: OpenBooth) -> None:
    page = visited(open_booth, "?backend=wasm&engine=page#/digits")
    assert page.evaluate("crossOriginIsolated")
    assert page.evaluate(THREADS) == 1
    booth = BoothPage(page)
    booth.draw(7)
    booth.reads(7)
