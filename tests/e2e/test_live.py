"""Live detection from camera and video files, and their failures."""

from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from glassbooth.dev.browsing import FLAGS
from tests.e2e.booth import BoothPage, PhotoPage
from tests.e2e.conftest import watched, with_camera
from tests.e2e.photographs import encode, sample
from tests.e2e.server import StaticHost

WIDTH, HEIGHT = 480, 360
"""Size of a frame of the fake camera in pixels."""
SIDE_FRAMES = 30
"""Frames for which the person stays on one side of the picture: one second."""
FRAMES = 500


def film() -> bytes:
    """Return a film of concatenated JPEGs: a person on the left, then on the right."""
    person = sample("astronaut").resize((220, 220))
    frames = []
    for x in (10, WIDTH - 230):
        frame = Image.new("RGB", (WIDTH, HEIGHT), (150, 150, 150))
        frame.paste(person, (x, HEIGHT - 220))
        frames.append(encode(frame, "JPEG", quality=90))
    return b"".join(frame * SIDE_FRAMES for frame in frames)


@pytest.fixture(scope="module")
def filming(
    playwright: Playwright, chromium: str | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser whose fake camera shows a person on alternating sides."""
    path = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    path.write_bytes(film())
    with with_camera(playwright, chromium, path) as browser:
        yield browser


@pytest.fixture
def detecting(filming: Browser, host: StaticHost) -> Iterator[PhotoPage]:
    """The detector with camera permission."""
    context = filming.new_context(permissions=["camera"])
    with watched(context, host.origin):
        page = context.new_page()
        page.goto(f"{host.url}?backend=wasm#/detect")
        BoothPage(page).ready()
        yield PhotoPage(page)
    context.close()


STEADY = """async (frames) => {
  const rate = document.getElementById('photo-rate');
  const start = Number(rate.dataset.frames ?? 0);
  const sides = new Set();
  await new Promise((resolve) => new MutationObserver((_, observer) => {
    const first = JSON.parse(document.getElementById('json').textContent || '[]')[0];
    if (first?.class === 'person') sides.add(first.bbox[0].x < 100 ? 'left' : 'right');
    if (Number(rate.dataset.frames) >= start + frames) { observer.disconnect(); resolve(); }
  }).observe(rate, { attributes: true }));
  return [...sides].sort();
}"""


def test_live_detection_goes_on_and_boxes_follow(detecting: PhotoPage) -> None:
    page = detecting.page
    page.get_by_test_id("camera").click()
    page.evaluate(STEADY, 20)
    before = page.evaluate("glassbooth.engine.stats()")
    heap = heap_bytes(page)
    assert page.evaluate(STEADY, FRAMES) == ["left", "right"]
    after = page.evaluate("glassbooth.engine.stats()")
    assert (after["tensors"], after["bytes"]) == (before["tensors"], before["bytes"])
    assert heap_bytes(page) - heap < 1_000_000
    expect(page.get_by_test_id("rate")).to_contain_text("a second")
    expect(detecting.error).to_be_hidden()

    page.get_by_test_id("shot").click()  # a picture of it stays, and the light goes off
    told = detecting.answered()
    assert told[0]["class"] == "person"
    assert detecting.pixels().shape == (HEIGHT, WIDTH, 3)
    assert not page.evaluate("document.getElementById('photo-video').srcObject")


def heap_bytes(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = float(session.send("Runtime.getHeapUsage")["usedSize"])
    session.detach()
    return used


UNPLUG = """() => {
  const [track] = document.getElementById('photo-video').srcObject.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event('ended'));
}"""


def test_a_camera_that_is_unplugged_or_left_is_off(detecting: PhotoPage) -> None:
    page = detecting.page
    rate = page.get_by_test_id("rate")
    page.get_by_test_id("camera").click()
    expect(rate).to_contain_text("a second", timeout=20_000)
    page.evaluate(UNPLUG)
    detecting.refused("The camera stopped")
    expect(page.get_by_test_id("camera")).to_be_visible()
    detecting.give(encode(sample("motorcycle")))
    assert detecting.answered()[0]["class"] == "motorcycle"

    page.get_by_test_id("camera").click()
    expect(rate).to_contain_text("a second", timeout=20_000)
    page.evaluate("track = document.getElementById('photo-video').srcObject.getTracks()[0]")
    detecting.visit("digits")
    page.wait_for_function("track.readyState === 'ended'")
    detecting.visit("detect")
    assert detecting.answered()[0]["class"] == "motorcycle"


DEVICE = "document.getElementById('photo-video').srcObject?.getTracks()[0].getSettings().deviceId"


def test_of_two_cameras_either_can_be_used(
    playwright: Playwright, chromium: str | None, host: StaticHost
) -> None:
    flags = [*FLAGS, "--use-fake-device-for-media-stream=device-count=2"]
    browser = playwright.chromium.launch(executable_path=chromium, args=flags)
    page = browser.new_context(permissions=["camera"]).new_page()
    page.goto(f"{host.url}?backend=wasm#/detect")
    BoothPage(page).ready()
    rate, turn = page.get_by_test_id("rate"), page.get_by_test_id("turn")
    page.get_by_test_id("camera").click()
    seen = []
    for _ in range(3):
        expect(rate).to_contain_text("a second", timeout=20_000)
        expect(turn).to_be_visible()
        seen.append(page.evaluate(DEVICE))
        turn.click()
        page.wait_for_function(f"device => ![undefined, device].includes({DEVICE})", arg=seen[-1])
    assert seen[0] == seen[2] != seen[1]
    browser.close()


@pytest.mark.parametrize(
    ("fixture", "message"),
    [("filming", "The camera was refused"), ("browser", "No camera was found")],
    ids=["refused", "none"],
)
def test_without_a_camera_pictures_work(
    request: pytest.FixtureRequest, host: StaticHost, fixture: str, message: str
) -> None:
    page: Page = request.getfixturevalue(fixture).new_page()
    page.goto(f"{host.url}?backend=wasm#/detect")
    booth = PhotoPage(BoothPage(page).ready().page)
    page.get_by_test_id("camera").click()
    booth.refused(message)
    booth.give(encode(sample("cat")))
    assert booth.answered()[0]["class"] == "cat"
    page.close()


RECORD = """async () => {
  const canvas = document.createElement('canvas');
  canvas.width = 320; canvas.height = 240;
  const picture = await createImageBitmap(await (await fetch(
    document.querySelector('#photo-samples img[alt*=motorcycle]').src)).blob());
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
  const parts = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  recorder.start();
  for (let i = 0; i < 20; i++) {
    canvas.getContext('2d').drawImage(picture, 0, 0, 320, 240);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const done = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.stop();
  await done;
  const carried = new DataTransfer();
  carried.items.add(new File([new Blob(parts)], 'film.webm', { type: 'video/webm' }));
  const chooser = document.getElementById('photo-file');
  chooser.files = carried.files;
  chooser.dispatchEvent(new Event('change'));
}"""


def test_a_video_file_works_as_a_camera_does(detecting: PhotoPage) -> None:
    page = detecting.page
    expect(page.get_by_role("button", name="A motorcycle")).to_be_visible()
    page.evaluate(RECORD)
    expect(page.get_by_test_id("rate")).to_contain_text("a second", timeout=20_000)
    expect(page.get_by_test_id("detections")).to_contain_text("motorcycle")
    page.get_by_test_id("stop").click()
    expect(page.get_by_test_id("camera")).to_be_visible()

    page.get_by_test_id("file").set_input_files(
        {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"not a film"}
    )
    detecting.refused("This browser cannot play that video")


def test_a_camera_allowed_too_late_does_not_disturb_a_video(detecting: PhotoPage) -> None:
    page = detecting.page
    expect(page.get_by_role("button", name="A motorcycle")).to_be_visible()
    page.evaluate("""() => {
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (wanted) => {
        await new Promise((resolve) => { globalThis.allow = resolve; });
        const stream = await ask(wanted);
        [globalThis.track] = stream.getTracks();
        return stream;
      };
      globalThis.video = document.querySelector('[id$="photo-video"]');
    }""")
    page.get_by_test_id("camera").click()
    page.wait_for_function("globalThis.allow !== undefined")
    page.evaluate(RECORD)
    expect(page.get_by_test_id("rate")).to_contain_text("a second", timeout=20_000)
    page.evaluate("allow()")
    page.wait_for_function("globalThis.track?.readyState === 'ended'")
    assert page.evaluate("[video.srcObject, video.paused]") == [None, False]
    expect(detecting.error).to_be_hidden()
