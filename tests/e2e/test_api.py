"""The local API, asked by a page that knows nothing of the app but the addresses."""

import base64
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.booth import DIGITS, Booth
from tests.e2e.conftest import DIST, watched
from tests.e2e.photographs import SAMPLES, as_python_sees
from tests.e2e.server import Host, Reply

MOTORCYCLE = SAMPLES / "motorcycle.jpg"
FRONT_END = Reply(b"<!doctype html><title>A front end</title>", type="text/html")
ASK = """async ([path, method, body, type]) => {
  const bytes = body && Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
  const headers = type ? { 'content-type': type } : {};
  const response = await fetch('api/' + path, { method, body: bytes, headers });
  return [response.status, response.headers.get('content-type'), await response.text()];
}"""
SEVEN = [
    1 if (row == 4 and 8 <= column < 20) or (4 < row < 24 and column == 19 - (row - 4) // 2) else 0
    for row in range(28)
    for column in range(28)
]


@dataclass(frozen=True)
class FrontEnd:
    """A page of the site that is not the app's."""

    page: Page

    def ask(self, path: str, method: str = "GET", body: bytes = b"", type: str = "") -> Any:
        """Return the status and the JSON of an answer."""
        sent = base64.b64encode(body).decode() or None
        status, kind, text = self.page.evaluate(ASK, [path, method, sent, type])
        assert kind == "application/json"
        return status, json.loads(text)

    def predict(self, body: Any, model: str = "digits") -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask(f"predict/{model}", "POST", content)


@pytest.fixture(scope="module")
def site() -> Iterator[Host]:
    replies = {"/front-end.html": FRONT_END, "/neighbor/": FRONT_END}
    with Host(DIST, "/the-site/", replies=replies) as host:
        yield host


@pytest.fixture(scope="module")
def visitor(browser: Browser, site: Host) -> Iterator[BrowserContext]:
    """A visitor with the app open in one tab, and all of it kept."""
    context = browser.new_context()
    with watched(context, site.origin):
        page = context.new_page()
        page.goto(f"{site.url}?backend=wasm#/digits")
        Booth(page).ready().kept()
        yield context
    context.close()


@pytest.fixture(scope="module")
def front_end(visitor: BrowserContext, site: Host) -> FrontEnd:
    page = visitor.new_page()
    page.goto(f"{site.url}front-end.html")
    return FrontEnd(page)


@pytest.fixture
def app(visitor: BrowserContext, site: Host) -> Page:
    """The app's page, which knows nothing of those who ask it."""
    found = [page for page in visitor.pages if "front-end" not in page.url]
    page = found[0] if found else visitor.new_page()
    if not found:
        page.goto(f"{site.url}?backend=wasm#/digits")
        Booth(page).ready()
    return page


def test_models_are_listed(front_end: FrontEnd) -> None:
    status, answer = front_end.ask("models")
    assert status == 200
    models = {model.pop("name"): model for model in answer["models"]}
    size = models["digits"].pop("bytes")
    assert 100_000 < size < 200_000
    assert models["digits"] == {"title": "Handwritten digits", "task": "digits"}


def test_a_model_is_warmed(front_end: FrontEnd) -> None:
    status, answer = front_end.ask("warm?model=digits")
    assert status == 200
    assert answer["model"] == "digits"
    assert answer["backend"] in ("webgl", "wasm", "cpu")


def test_numbers_are_a_digit(front_end: FrontEnd) -> None:
    status, answer = front_end.predict({"data": SEVEN})
    assert status == 200
    assert answer.keys() == {"result"}
    probabilities = answer["result"]
    assert len(probabilities) == 10
    assert sum(probabilities) == pytest.approx(1, abs=1e-5)
    assert max(range(10), key=probabilities.__getitem__) == 7


DRAW_AND_SEND = """async ([strokes, type, asJson]) => {
  const canvas = new OffscreenCanvas(400, 300);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, 400, 300);
  pen.lineWidth = 18;
  for (const stroke of strokes) {
    pen.beginPath();
    for (const [x, y] of stroke) pen.lineTo(x * 400, y * 300);
    pen.stroke();
  }
  const picture = await canvas.convertToBlob({ type });
  const letters = Array.from(new Uint8Array(await picture.arrayBuffer()), (byte) => (
    String.fromCharCode(byte)));
  const body = asJson ? JSON.stringify({ image: btoa(letters.join('')) }) : picture;
  const response = await fetch('api/predict/digits', { method: 'POST', body });
  return [response.status, await response.json()];
}"""


@pytest.mark.parametrize("as_json", [False, True], ids=["as it is", "in JSON"])
@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
def test_a_picture_of_a_digit_is_a_digit(front_end: FrontEnd, kind: str, as_json: bool) -> None:
    for digit in (2, 7):
        drawn = [DIGITS[digit], kind, as_json]
        status, answer = front_end.page.evaluate(DRAW_AND_SEND, drawn)
        assert status == 200
        assert max(range(10), key=answer["result"].__getitem__) == digit


def test_a_photograph_is_things_in_boxes(front_end: FrontEnd) -> None:
    status, answer = front_end.predict(MOTORCYCLE.read_bytes(), "nanodet")
    assert status == 200
    assert all(each.keys() == {"bbox", "class", "score"} for each in answer)
    best = answer[0]
    assert best["class"] == "motorcycle"
    assert 0.5 < best["score"] <= 1
    (left, top), (right, bottom) = [(corner["x"], corner["y"]) for corner in best["bbox"]]
    height, width = as_python_sees(MOTORCYCLE.read_bytes()).shape[:2]
    assert 0 <= left < width / 4 < width * 3 / 4 < right <= width  # it fills the picture
    assert 0 <= top < height / 4 < height * 3 / 4 < bottom <= height
    scores = [each["score"] for each in answer]
    assert scores == sorted(scores, reverse=True)

    again = {"image": base64.b64encode(MOTORCYCLE.read_bytes()).decode()}
    assert front_end.predict(again, "nanodet") == (200, answer)


def test_numbers_are_for_digits_alone(front_end: FrontEnd) -> None:
    status, answer = front_end.predict({"data": SEVEN}, "nanodet")
    assert status == 400
    assert "'data' is for digits alone" in answer["message"]


@pytest.mark.parametrize(
    ("path", "method", "body", "refusal"),
    [
        ("", "GET", b"", (404, "There is no api/:")),
        ("nothing", "GET", b"", (404, "There is no api/nothing:")),
        ("warm?model=nothing", "GET", b"", (404, "There is no model 'nothing'")),
        ("warm", "GET", b"", (400, "needs one model's name")),
        ("models", "POST", b"", (400, "api/models takes GET, not POST")),
        ("predict/digits", "GET", b"", (400, "api/predict takes POST, not GET")),
        ("predict/digits", "PUT", b"7", (400, "api/predict takes POST, not PUT")),
        ("predict/nothing", "POST", b"{}", (404, "There is no model 'nothing': there are ")),
        ("predict/digits", "POST", b"", (400, "The body is empty")),
        ("predict/digits", "POST", b"{", (400, "not JSON that can be read")),
        ("predict/digits", "POST", b"[" * 1_000_000, (400, "JSON must be")),
        ("predict/digits", "POST", b'{"data": [0, 1]}', (400, "expected 784 numbers, got 2")),
        ("predict/digits", "POST", b'{"image": "?"}', (400, "image: is not base64")),
        ("predict/digits", "POST", b'{"image": "R0lG"}', (400, "Only PNG and JPEG")),
        ("predict/digits", "POST", b"GIF89a", (400, "Only PNG and JPEG images are supported")),
        ("predict/digits", "POST", b"\x89PNG\r\n\x1a\n...", (400, "The picture is damaged")),
    ],
    ids=lambda part: str(part)[:40],
)
def test_bad_requests_are_told_what_is_wrong(
    front_end: FrontEnd, path: str, method: str, body: bytes, refusal: tuple[int, str]
) -> None:
    code, message = refusal
    status, answer = front_end.ask(path, method, body)
    assert status == code
    assert answer.keys() == {"code", "message"}
    assert answer["code"] == code
    assert message in answer["message"]


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -0.1, 1.1, 10**400, True, None, "1"])
def test_numbers_outside_of_0_to_1_are_refused(front_end: FrontEnd, wrong: Any) -> None:
    status, answer = front_end.predict({"data": [*SEVEN[:-1], wrong]})
    assert status == 400
    assert "data[783]: expected a number from 0 to 1" in answer["message"]


SEND_FOR_EVER = """async () => {
  let sent = 0;
  const body = new ReadableStream({ pull(controller) {
    controller.enqueue(new Uint8Array(100_000));
    sent += 100_000;
  } });
  const response = await fetch('api/predict/digits', { method: 'POST', body, duplex: 'half' });
  return [response.status, await response.json(), sent];
}"""


def test_a_body_that_never_ends_is_refused_soon(front_end: FrontEnd) -> None:
    status, answer, sent = front_end.page.evaluate(SEND_FOR_EVER)
    assert (status, answer["code"]) == (413, 413)
    assert "5 MB at most" in answer["message"]
    assert sent < 10_000_000


COUNT_READ = """() => {
  const { read } = ReadableStreamDefaultReader.prototype;
  globalThis.bytesRead = 0;
  ReadableStreamDefaultReader.prototype.read = async function () {
    const part = await read.call(this);
    globalThis.bytesRead += part.value?.byteLength ?? 0;
    return part;
  };
}"""
SEND_BYTES = """async (bytes) => {
  const body = new Blob([Uint8Array.of(0xff, 0xd8, 0xff), new Uint8Array(bytes - 3)]);
  const response = await fetch('api/predict/digits', { method: 'POST', body });
  return [response.status, await response.json()];
}"""


def test_a_picture_of_more_than_five_megabytes_is_refused(front_end: FrontEnd) -> None:
    status, answer = front_end.page.evaluate(SEND_BYTES, 5_000_000)
    assert (status, answer["message"][:22]) == (400, "The picture is damaged")
    status, answer = front_end.page.evaluate(SEND_BYTES, 5_000_001)
    assert (status, answer["code"]) == (413, 413)
    assert "5,000,000 are allowed" in answer["message"]


def test_fifty_megabytes_are_refused_without_being_read_whole(
    visitor: BrowserContext, front_end: FrontEnd
) -> None:
    (worker,) = visitor.service_workers
    worker.evaluate(COUNT_READ)
    status, answer = front_end.page.evaluate(SEND_BYTES, 50_000_000)
    assert (status, answer["code"]) == (413, 413)
    assert "5 MB at most" in answer["message"]
    assert 5_000_000 < worker.evaluate("bytesRead") < 10_000_000


SIXTEEN = """async (bodies) => {
  const order = [];
  const answers = await Promise.all(bodies.map(async (body, i) => {
    const response = await fetch('api/predict/digits', { method: 'POST', body });
    order.push(i);
    return response.json();
  }));
  return [order, answers];
}"""


def test_sixteen_at_once_are_answered_in_order_of_arrival(front_end: FrontEnd) -> None:
    bodies: list[Any] = [{"data": [*SEVEN[:-1], i / 16]} for i in range(16)]
    bodies[2] = bodies[9] = {"data": []}
    alone = [front_end.predict(body)[1] for body in bodies]
    order, answers = front_end.page.evaluate(SIXTEEN, [json.dumps(body) for body in bodies])
    assert order == list(range(16))
    assert answers == alone
    assert answers[2]["code"] == 400


ASK_ON = """(data) => {
  globalThis.answers = 0;
  const on = async () => {
    const body = JSON.stringify({ data });
    const response = await fetch('api/predict/digits', { method: 'POST', body });
    if (response.ok) answers += 1;
    if (!globalThis.enough) on();
  };
  for (let i = 0; i < 16; i += 1) on();
}"""


def test_the_page_s_own_use_has_its_turn(front_end: FrontEnd, app: Page) -> None:
    front_end.page.evaluate(ASK_ON, SEVEN)
    app.bring_to_front()
    booth = Booth(app)
    booth.draw(4)
    booth.reads(4)
    booth.clear()
    before = front_end.page.evaluate("answers")
    front_end.page.wait_for_function("(before) => answers > before + 20", arg=before)
    front_end.page.evaluate("globalThis.enough = true")


def test_without_a_network_it_answers_as_well(visitor: BrowserContext, front_end: FrontEnd) -> None:
    assert front_end.ask("warm?model=nanodet")[0] == 200
    visitor.set_offline(True)
    try:
        assert front_end.ask("warm?model=digits")[0] == 200
        assert front_end.predict({"data": SEVEN})[0] == 200
        assert front_end.predict(MOTORCYCLE.read_bytes(), "nanodet")[0] == 200
        assert front_end.predict(b"{}")[0] == 400
        assert front_end.ask("nothing")[0] == 404
    finally:
        visitor.set_offline(False)


def test_a_request_waits_until_python_has_started(front_end: FrontEnd, app: Page) -> None:
    app.reload(wait_until="commit")
    front_end.page.evaluate(
        "() => { globalThis.early = fetch('api/models').then((response) => response.status); }"
    )
    expect(app.locator("body")).to_have_attribute("data-state", "booting")
    assert front_end.page.evaluate("early") == 200
    Booth(app).ready()


BREAK = """() => {
  const { engine } = glassbooth;
  const error = Object.assign(new Error('model.json broke off.'), { code: 'network', trials: [] });
  engine.load = async () => { throw error; };
  engine.run = async () => [new Float32Array(10).fill(NaN)];
}"""


def test_a_network_that_fails_is_told(front_end: FrontEnd, app: Page) -> None:
    app.evaluate(BREAK)
    failed = {"code": 503, "message": "model.json broke off."}
    assert front_end.ask("warm?model=digits") == (503, failed)
    assert front_end.predict({"data": SEVEN}) == (503, failed)
    app.evaluate("delete glassbooth.engine.load")
    status, answer = front_end.predict({"data": SEVEN})
    assert status == 503
    assert answer["message"] == "Something went wrong in the app: reload its page."
    app.evaluate("delete glassbooth.engine.run")
    assert front_end.predict({"data": SEVEN})[0] == 200


HOLD = """() => {
  const { engine } = glassbooth;
  globalThis.asked = new Promise((resolve) => {
    engine.run = () => { resolve(true); return new Promise(() => {}); };
  });
}"""
START = """(data) => {
  globalThis.answer = fetch('api/predict/digits', {
    method: 'POST', body: JSON.stringify({ data }),
  }).then(async (response) => [response.status, await response.json()]);
}"""


def test_another_tab_answers_when_one_is_closed_half_way(
    visitor: BrowserContext, site: Host, front_end: FrontEnd, app: Page
) -> None:
    second = visitor.new_page()
    second.goto(site.url)
    Booth(second).ready()
    second.evaluate(HOLD)
    second.bring_to_front()  # the tab that was in use last is the one that is asked
    front_end.page.evaluate(START, SEVEN)
    assert second.evaluate("asked")
    second.close()
    assert front_end.page.evaluate("answer")[0] == 200


def open_without_python(visitor: BrowserContext, site: Host) -> Page:
    page = visitor.new_page()
    page.add_init_script(
        """addEventListener('DOMContentLoaded', () => {
          dispatchEvent(new CustomEvent('glass:failed', { detail: 'out of memory' }));
        });"""
    )
    page.goto(site.url)
    expect(page.locator("body")).to_have_attribute("data-state", "failed")
    return page


@pytest.mark.usefixtures("app")
def test_another_tab_answers_when_python_did_not_start_in_one(
    visitor: BrowserContext, site: Host, front_end: FrontEnd
) -> None:
    broken = open_without_python(visitor, site)
    assert front_end.ask("models")[0] == 200
    broken.close()


def test_without_a_page_of_the_app_it_says_so(
    visitor: BrowserContext, site: Host, front_end: FrontEnd, app: Page
) -> None:
    neighbour = visitor.new_page()
    neighbour.goto(f"{site.origin}/neighbor/")  # as long as the site's address, but not within
    app.evaluate(HOLD)
    front_end.page.evaluate(START, SEVEN)
    assert app.evaluate("asked")
    app.close()
    for status, answer in (front_end.page.evaluate("answer"), front_end.ask("models")):
        assert status == 503
        assert answer["message"].startswith(f"No page of the app is open: open {site.url} in a tab")
    neighbour.close()

    broken = open_without_python(visitor, site)
    status, answer = front_end.ask("models")
    assert status == 503
    assert "Python could not start: out of memory" in answer["message"]
    broken.close()


def test_the_app_may_be_open_inside_the_front_end(
    visitor: BrowserContext, front_end: FrontEnd
) -> None:
    for page in visitor.pages:
        if page != front_end.page:
            page.close()
    front_end.page.evaluate(
        "document.body.append(Object.assign(document.createElement('iframe'), { src: './' }))"
    )
    expect(front_end.page.frame_locator("iframe").locator("body")).to_be_attached()
    assert front_end.predict({"data": SEVEN})[0] == 200
