"""A booth with kinds and an exhibit of its own: `own_booth/`.

Its network maps a picture and four numbers to classes and one number.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx.reference import ReferenceEvaluator
from playwright.sync_api import Browser, BrowserContext, Page, expect

import converter
import inputs
import outputs
from card import CardError, Kind
from tests.converter import two_inputs
from tests.e2e import sites
from tests.e2e.api.front_end import FrontEnd
from tests.e2e.booth import BoothPage
from tests.e2e.conftest import DIST, watched
from tests.e2e.server import Reply, StaticHost

FOLDER = Path(__file__).parent / "own_booth"
LABELS = ("calm", "glad", "cross")
PICTURE = np.arange(192, dtype=np.uint8)
FRONT_END = Reply(b"<!doctype html><title>A page</title>", type="text/html")
DEMO = re.compile(
    r"\b(dances?|designs?|digits|garments?|movenet|nanodet|efficientnet|identify|detect|astronaut)\b"
)


@contextmanager
def kinds_of(booth: Path) -> Iterator[None]:
    """Overlay a booth's own kinds on the library's."""
    packages = (inputs, outputs)
    for package in packages:
        package.__path__.append(str(booth / package.__name__))
    yield
    for package, kind in zip(packages, ("portrait", "verdict"), strict=True):
        package.__path__.pop()
        sys.modules.pop(f"{package.__name__}.{kind}", None)


@pytest.fixture(scope="module")
def booth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "booth"
    shutil.copytree(FOLDER, folder)
    source = folder / "portraits.onnx"
    onnx.save(two_inputs.model(), source)
    about = converter.About(
        name="portraits",
        title="Judge <it>",
        source="Made up by a test.",
        input=Kind("portrait", {}),
        output=Kind("verdict", {"unit": "years"}),
        labels=LABELS,
    )
    with kinds_of(folder):
        converter.convert(source, folder / "models" / "portraits", about, "none")
    return folder


@pytest.fixture(scope="module")
def site(booth: Path) -> Path:
    return sites.build(booth, booth.parent / "site")


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[StaticHost]:
    with StaticHost(site, "/a/booth/", replies={"/front-end.html": FRONT_END}) as host:
        yield host


@pytest.fixture(scope="module")
def visitor(browser: Browser, host: StaticHost) -> Iterator[BrowserContext]:
    context = browser.new_context()
    with watched(context, host.origin):
        page = context.new_page()
        page.goto(f"{host.url}?backend=wasm#/judge")
        BoothPage(page).ready().kept()
        yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Page:
    return visitor.pages[0]


def by_onnx(given: dict[str, NDArray[Any]]) -> tuple[list[float], float]:
    """Return the network's outputs as computed by ONNX's reference evaluator."""
    ran = ReferenceEvaluator(two_inputs.model()).run(["classes", "value"], given)
    classes, value = map(np.asarray, ran)
    return classes[0].tolist(), float(value[0, 0])


def expected(numbers: list[float]) -> dict[str, Any]:
    """The network's answer to the picture and four numbers."""
    given: dict[str, NDArray[Any]] = {
        "picture": PICTURE.reshape(1, 8, 8, 3).astype(np.float32) / 255,
        "numbers": np.array([numbers], np.float32),
    }
    classes, value = by_onnx(given)
    return {
        "classes": dict(zip(LABELS, classes, strict=True)),
        "value": value,
        "unit": "years",
    }


def assert_near(got: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert got["classes"] == pytest.approx(wanted["classes"], abs=1e-4)
    assert got["value"] == pytest.approx(wanted["value"], abs=1e-3)
    assert got["unit"] == wanted["unit"]


@pytest.mark.parametrize("numbers", [[1.0, 2.0, 3.0, 4.0], [0.5, -2.0, 0.0, 1.25]])
def test_the_page_that_any_model_gets_answers(page: Page, numbers: list[float]) -> None:
    page.get_by_test_id("numbers").fill(" ".join(map(str, numbers)))
    results = page.get_by_test_id("results")
    results.evaluate("(element) => { element.dataset.state = 'old'; }")
    page.get_by_test_id("ask").click()
    expect(results).to_have_attribute("data-state", "done", timeout=30_000)
    wanted = expected(numbers)
    assert_near(json.loads(page.get_by_test_id("json").text_content() or ""), wanted)
    best = max(LABELS, key=wanted["classes"].__getitem__)
    line = page.get_by_test_id("verdict")
    expect(line).to_have_text(f"{best}, {wanted['value']:.2f} years")
    expect(line).to_have_css("letter-spacing", "3px")
    expect(page.get_by_role("heading", name="Judge <it>")).to_be_visible()


def test_the_local_api_answers(visitor: BrowserContext, host: StaticHost) -> None:
    page = visitor.new_page()
    page.goto(f"{host.url}front-end.html")
    front_end = FrontEnd(page)
    status, listed = front_end.ask("models")
    assert status == 200
    assert [each["name"] for each in listed["models"]] == ["portraits"]
    body = {"picture": PICTURE.tolist(), "numbers": [1, 0, 0, -1]}
    status, answer = front_end.predict(body, "portraits")
    assert status == 200
    assert_near(answer, expected([1, 0, 0, -1]))
    status, answer = front_end.predict({"numbers": [1]}, "portraits")
    assert (status, answer["code"]) == (400, 400)
    assert answer["message"] == 'JSON must be {"picture": [192 numbers], "numbers": [4]}.'
    page.close()


def test_the_exhibit_with_code_of_its_own_answers(page: Page) -> None:
    page.evaluate("location.hash = '#/mood'")
    heading = page.get_by_role("heading", name="How it feels")
    expect(heading).to_have_css("letter-spacing", "5px")
    expect(page).to_have_title("How it feels - Portraits & numbers")
    page.get_by_test_id("mood-ask").click()
    zeros = {name: np.zeros(two_inputs.SHAPES[name], np.float32) for name in two_inputs.INPUTS}
    _, value = by_onnx(zeros)
    word = "low" if value < 0 else "high"
    answer = page.get_by_test_id("mood-answer")
    expect(answer).to_have_text(re.compile(rf"{word}: -?{abs(value):.2f}\d"))


def test_the_gallery_shows_both(page: Page) -> None:
    page.evaluate("location.hash = '#/'")
    cards = page.locator("a.exhibit")
    expect(cards.locator("strong")).to_have_text(["Judge <it>", "How it feels"])
    expect(cards.locator(".number")).to_have_text(["Exhibit 1", "To think about"])
    expect(cards.locator("svg.art path")).to_have_count(1)
    expect(cards.locator("svg.art circle")).to_have_count(1)
    expect(page.locator("nav a")).to_have_text(["Judge", "Mood"])
    expect(page.locator("#gallery-title")).to_have_text("Portraits & numbers")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page).to_have_title("Portraits & numbers")


def test_a_kiosk_shows_both_in_turn(browser: Browser, host: StaticHost) -> None:
    context = browser.new_context()
    with watched(context, host.origin):
        page = context.new_page()
        page.goto(f"{host.url}?backend=wasm&kiosk=judge,mood&rotate=6")
        BoothPage(page).ready()
        for title in ("Judge <it>", "How it feels"):
            expect(page.locator("#kiosk-title")).to_have_text(title, timeout=60_000)
        expect(page.get_by_test_id("mood-answer")).to_have_text(re.compile(r"(low|high): "))
    context.close()


def test_the_site_holds_nothing_of_the_demo(site: Path) -> None:
    assert [path.name.rpartition("-")[0] for path in (site / "models").iterdir()] == ["portraits"]
    folders = {path.name.partition("-")[0] for path in site.iterdir() if path.is_dir()}
    assert folders == {"app", "engine", "models", "pyodide", "pyscript", "snapshot"}
    found = sites.modules(site)
    own = {"inputs.portrait", "outputs.verdict", "sources.portrait", "views.verdict"}
    mood = {"exhibits.mood.exhibit", "exhibits.mood.words"}
    folders = {"inputs", "outputs", "sources", "views", "exhibits"}
    brought = {name for name in found if name.partition(".")[0] in folders}
    assert brought - folders - {"inputs.picture"} == own | mood
    texts = [*site.glob("*.*"), *site.glob("app-*/*.*"), *site.glob("models/*/*.json")]
    for path in texts:
        if path.suffix in {".html", ".js", ".css", ".json", ".webmanifest"}:
            assert set(DEMO.findall(path.read_text(encoding="utf-8"))) == set(), path.name
    (memory,) = site.glob("snapshot-*/memory.wasm")
    content = memory.read_bytes()
    assert b"exhibits.mood.words" in content or b"exhibits/mood/words" in content
    for word in (b"movenet", b"exhibits/dance", b"exhibits/design", b"handwriting"):
        assert word not in content


def test_the_site_is_smaller_than_the_demo(site: Path) -> None:
    assert sites.first_visit(site) < sites.first_visit(DIST)
    engines = [next(each.glob("engine-*/engine.js")).stat().st_size for each in (site, DIST)]
    assert engines[0] < engines[1]


def test_a_kind_that_nobody_has_is_refused_at_conversion(booth: Path, tmp_path: Path) -> None:
    about = converter.About(
        name="portraits",
        title="T",
        source="S",
        input=Kind("portrait", {"least": 0}),
        output=Kind("verdict", {}),
    )
    with pytest.raises(CardError, match="no input kind 'portrait'; there are"):
        converter.convert(booth / "portraits.onnx", tmp_path / "made", about, "none")
    with (
        kinds_of(booth),
        pytest.raises(CardError, match="portrait has no option 'least'; it has most"),
    ):
        converter.convert(booth / "portraits.onnx", tmp_path / "made", about, "none")
    assert not (tmp_path / "made").exists()
