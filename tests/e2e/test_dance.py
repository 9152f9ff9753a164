"""The dance booth, with a fake camera that shows a drawn person."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from glassbooth.dev.mannequin import film
from tests.e2e.booth import BoothPage
from tests.e2e.conftest import watched, with_camera
from tests.e2e.server import StaticHost

LENGTH = """async (address) => {
  const video = document.createElement('video');
  video.muted = true;
  video.src = address;
  await new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(new Error(video.error.message));
  });
  const sought = new Promise((resolve) => { video.onseeked = resolve; });
  video.currentTime = 1e6;  // what MediaRecorder writes does not say how long it is
  await sought;
  return [video.videoWidth, video.videoHeight, video.currentTime];
}"""


SHARING = """navigator.canShare = ({ files }) => files.length === 1;
navigator.share = async (what) => { globalThis.shared = what; };"""


def decoded(path: Path) -> tuple[list[NDArray[Any]], float]:
    """Return all frames of a video in RGB, and the time of the last one in s."""
    with av.open(path) as video:
        frames = list(video.decode(video=0))
    return [frame.to_ndarray(format="rgb24") for frame in frames], float(frames[-1].time or 0)


@pytest.fixture(scope="module")
def filming(
    playwright: Playwright, chromium: str | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser whose fake camera shows a person who raises their hands and dances."""
    path = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    path.write_bytes(film(30))
    with with_camera(playwright, chromium, path) as browser:
        yield browser


@pytest.fixture
def dancing(filming: Browser, host: StaticHost) -> Iterator[Page]:
    """The dance exhibit with camera permission."""
    context = filming.new_context(permissions=["camera"])
    with watched(context, host.origin):
        page = context.new_page()
        page.goto(f"{host.url}?backend=wasm#/dance")
        BoothPage(page).ready()
        yield page
    context.close()


def stage(page: Page, name: str, timeout: int = 60_000) -> None:
    expect(page.locator("#dance-glass")).to_have_attribute("data-stage", name, timeout=timeout)


def test_hands_up_a_dance_and_its_recording(dancing: Page, tmp_path: Path) -> None:
    page = dancing
    expect(page.get_by_text("Nothing is uploaded")).to_be_visible()
    expect(page.locator("#dance-hint")).to_be_visible()
    page.get_by_test_id("dance-styles").get_by_role("button", name="Robot").click()
    page.get_by_test_id("dance-camera").click()
    for name in ("count-down", "dance", "playback"):
        stage(page, name)
    player = page.get_by_test_id("dance-playback")
    expect(player).to_be_visible()
    page.wait_for_function("document.getElementById('dance-playback').currentTime > 0.5")
    width, height, seconds = page.evaluate(LENGTH, player.get_attribute("src"))
    assert (width, height) == (960, 540)
    assert 9 < seconds < 11.5
    expect(page.get_by_test_id("dances").get_by_role("listitem")).to_have_count(1)
    page.get_by_test_id("dance-stop").click()
    expect(player).to_be_hidden()
    assert not page.evaluate("document.getElementById('dance-video').srcObject")

    page.add_init_script(SHARING)
    page.reload()
    BoothPage(page).ready()
    kept = page.get_by_test_id("dances").get_by_role("listitem")
    expect(kept).to_have_count(1)
    expect(kept).to_contain_text("Robot")
    kept.get_by_role("button", name="Play").click()
    expect(player).to_be_visible()
    page.wait_for_function("document.getElementById('dance-playback').currentTime > 0.2")
    saves_and_shares(page, kept, tmp_path)

    kept.get_by_role("button", name="Delete").click()
    expect(kept).to_have_count(0)
    expect(player).to_be_hidden()
    page.reload()
    BoothPage(page).ready()
    expect(page.get_by_test_id("dances")).to_be_attached()
    expect(kept).to_have_count(0)


def saves_and_shares(page: Page, kept: Locator, folder: Path) -> None:
    """Save and share the recorded dance, and check the files."""
    with page.expect_download() as download:
        kept.get_by_role("button", name="Save poses").click()
    download.value.save_as(folder / "poses.json")
    told = json.loads((folder / "poses.json").read_text())
    assert told["style"] == "robot"
    assert len(told["frames"]) > 20
    assert 9 < told["frames"][-1]["time"] - told["frames"][0]["time"] < 10.1
    with page.expect_download() as download:
        kept.get_by_role("button", name="Save video").click()
    name = download.value.suggested_filename
    assert name.endswith((".mp4", ".webm"))
    download.value.save_as(folder / name)
    frames, seconds = decoded(folder / name)
    assert {frame.shape for frame in frames} == {(540, 960, 3)}
    assert len(frames) > 50
    assert 9 < seconds < 11.5
    assert np.abs(frames[-1].astype(int) - frames[0]).mean() > 1  # somebody moved

    kept.get_by_role("button", name="Share").click()
    page.wait_for_function("globalThis.shared")
    expected = [name, (folder / name).stat().st_size]
    assert page.evaluate("[shared.files[0].name, shared.files[0].size]") == expected


def test_the_stage_lies_as_the_screen_does(dancing: Page) -> None:
    canvas = dancing.get_by_test_id("dance-stage")
    dancing.set_viewport_size({"width": 540, "height": 960})
    dancing.get_by_test_id("dance-camera").click()
    stage(dancing, "invite")
    for side, one, other in (("width", 720, 960), ("height", 1080, 540)):
        expect(canvas).to_have_js_property(side, one)
        dancing.set_viewport_size({"width": 960, "height": 540})
        expect(canvas).to_have_js_property(side, other)
        dancing.set_viewport_size({"width": 540, "height": 960})


def test_a_button_begins_as_well_and_leaving_turns_the_camera_off(dancing: Page) -> None:
    page = dancing
    page.get_by_test_id("dance-camera").click()
    page.get_by_test_id("dance-begin").click(timeout=60_000)
    stage(page, "count-down")
    page.evaluate("track = document.getElementById('dance-video').srcObject.getTracks()[0]")
    page.evaluate("location.hash = '#/digits'")
    page.wait_for_function("track.readyState === 'ended'")
    page.evaluate("location.hash = '#/dance'")
    stage(page, "off")
    expect(page.get_by_test_id("dance-camera")).to_be_visible()
    expect(page.get_by_test_id("dances").get_by_role("listitem")).to_have_count(0)


def test_who_leaves_while_the_network_comes_is_not_filmed(dancing: Page) -> None:
    page = dancing
    page.evaluate("""() => {
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      globalThis.asked = 0;
      mediaDevices.getUserMedia = (wanted) => { globalThis.asked += 1; return ask(wanted); };
      const button = document.getElementById('dance-camera');
      globalThis.ended = new Promise((resolve) => {
        const look = () => { if (!button.disabled) resolve(); };
        new MutationObserver(look).observe(button, { attributeFilter: ['disabled'] });
      });
      button.click();
      location.hash = '#/digits';
    }""")
    page.evaluate("ended")
    assert page.evaluate("asked") == 0


def test_without_a_camera_it_says_why(browser: Browser, host: StaticHost) -> None:
    page = browser.new_page()
    page.goto(f"{host.url}?backend=wasm#/dance")
    BoothPage(page).ready()
    page.get_by_test_id("dance-camera").click()
    said = "No camera was found. Connect one and try again."
    expect(page.locator("#error-text")).to_have_text(said, timeout=30_000)
    expect(page.get_by_test_id("dance-camera")).to_be_enabled()
    page.close()


OFF = """const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (name, ...rest) {
  if (name === 'glassbooth-dances') throw new DOMException('', 'SecurityError');
  return open.call(this, name, ...rest);
};"""


def test_where_the_browser_keeps_nothing_it_says_so(browser: Browser, host: StaticHost) -> None:
    page = browser.new_page()
    page.add_init_script(OFF)
    page.goto(f"{host.url}?backend=wasm#/dance")
    BoothPage(page).ready()
    expect(page.get_by_test_id("error")).to_contain_text("This device keeps no dances")
    page.close()


FULL = """IDBObjectStore.prototype.add = function () {
  const request = this.getAllKeys();
  this.transaction.abort();
  return request;
}; true"""


def test_a_dance_that_has_no_room_is_played_all_the_same(dancing: Page) -> None:
    page = dancing
    page.evaluate(FULL)
    page.get_by_test_id("dance-camera").click()
    page.get_by_test_id("dance-begin").click(timeout=60_000)
    stage(page, "playback")
    expect(page.get_by_test_id("error")).to_contain_text("storage is full")
    expect(page.get_by_test_id("dance-playback")).to_be_visible()
    expect(page.get_by_test_id("dances").get_by_role("listitem")).to_have_count(0)
