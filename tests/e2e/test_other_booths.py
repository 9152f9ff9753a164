"""Booths with a subset of the demo's exhibits: only the digits, and all but the digits."""

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from glassbooth.dev.browsing import SAMPLES
from glassbooth.project import HERE
from tests.e2e import sites
from tests.e2e.booth import BoothPage, PhotoPage
from tests.e2e.conftest import DIST, reads_offline, watched
from tests.e2e.server import StaticHost

HALVES = {"inputs", "outputs", "sources", "views", "exhibits", "generated"}


def make(folder: Path, text: str, models: Iterable[str]) -> Path:
    """Write a booth that uses bundles of the demo; return its folder."""
    (folder / "models").mkdir(parents=True)
    (folder / "booth.toml").write_text(text, encoding="utf-8")
    for name in models:
        (folder / "models" / name).symlink_to(HERE.models / name, target_is_directory=True)
    return folder


def brought(site: Path) -> set[str]:
    """Return the modules of a site that belong to exhibits and kinds, without packages."""
    names = sites.modules(site)
    return {name for name in names if "." in name and name.partition(".")[0] in HALVES}


@pytest.fixture(scope="module")
def only_digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("digits")
    booth = make(
        folder / "booth", 'title = "Digits alone"\n[[exhibit]]\npage = "digits"\n', ["digits"]
    )
    return sites.build(booth, folder / "site")


@pytest.fixture(scope="module")
def without_digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("others")
    demo = (HERE.root / "booth.toml").read_text(encoding="utf-8")
    text = re.sub(r'\[\[exhibit\]\]\npage = "digits"\n', "", demo)
    text = re.sub(r"example = .*\n", "", text)
    assert len(text) < len(demo) - 60
    models = [path.name for path in HERE.models.iterdir() if (path / "card.json").is_file()]
    booth = make(folder / "booth", text, set(models) - {"digits"})
    shutil.copytree(SAMPLES, booth / "web/samples")
    return sites.build(booth, folder / "site")


def test_a_booth_with_digits_alone_works_offline(
    only_digits: Path, profile: Callable[..., BrowserContext]
) -> None:
    with StaticHost(only_digits, "/alone/") as host:
        context = profile()
        with watched(context, host.origin):
            page = context.new_page()
            page.goto(host.url)
            BoothPage(page).ready().kept()
            expect(page.get_by_test_id("engine")).to_contain_text("Runs on this device: W")
            expect(page.locator("a.exhibit")).to_have_count(1)
            expect(page).to_have_title("Digits alone")
        context.close()
        origin, url = host.origin, host.url

    reads_offline(profile(), origin, url, 4)


def test_a_booth_with_digits_alone_holds_nothing_else(only_digits: Path) -> None:
    assert sites.about(only_digits)["models"].keys() == {"digits"}
    assert [path.name[:7] for path in (only_digits / "models").iterdir()] == ["digits-"]
    folders = {path.name.partition("-")[0] for path in only_digits.iterdir() if path.is_dir()}
    assert folders == {"app", "engine", "models", "pyodide", "pyscript", "snapshot"}
    assert brought(only_digits) == {
        "exhibits.digits",
        "exhibits.digits.exhibit",
        "exhibits.digits.handwriting",
        "inputs.drawing",
        "inputs.picture",  # the local API takes pictures of digits
        "outputs.classes",
    }
    (style,) = only_digits.glob("app-*/style.css")
    assert not re.search(r"\.(dance|design|check|model)\b", style.read_text())


def test_the_first_visit_of_digits_alone_is_no_heavier_than_the_demos(only_digits: Path) -> None:
    assert sites.first_visit(only_digits) <= sites.first_visit(DIST)


def test_a_booth_without_digits_starts_and_answers(without_digits: Path, browser: Browser) -> None:
    with StaticHost(without_digits) as host:
        context = browser.new_context()
        with watched(context, host.origin):
            page = context.new_page()
            page.goto(f"{host.url}?backend=wasm")
            BoothPage(page).ready()
            expect(page.locator("a.exhibit")).to_have_count(5)
            expect(page.get_by_test_id("error")).to_be_hidden()
            photos = PhotoPage(page)
            page.evaluate("location.hash = '#/identify'")
            expect(photos.results).to_be_visible()
            photos.give((SAMPLES / "cat.jpg").read_bytes())
            (first, *_) = photos.answered()["results"]
            assert "cat" in first["className"]
            expect(page.get_by_test_id("engine")).to_contain_text("Runs on this device: W")
        context.close()
        assert not [path for path in host.requests if "digits" in path]


def test_a_booth_without_digits_holds_nothing_of_them(without_digits: Path) -> None:
    assert "digits" not in sites.about(without_digits)["models"]
    assert not list((without_digits / "models").glob("digits*"))
    names = brought(without_digits)
    assert not {name for name in names if "digits" in name or name == "sources.drawing"}
    assert {"exhibits.dance.exhibit", "sources.picture", "views.boxes"} <= names
    (style,) = without_digits.glob("app-*/style.css")
    assert not re.search(r"\.digits\b", style.read_text())
