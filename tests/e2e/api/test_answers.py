"""Every row of the API's contract, for good requests and bad ones."""

import base64
import math
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page

from card import Card, File, Golden, Kind, Parity, Tensor
from exhibits.digits.handwriting import DIGITS
from glassbooth.dev.browsing import SAMPLES
from tests.e2e.api.front_end import SEVEN, FrontEnd
from tests.e2e.photographs import as_python_sees

MOTORCYCLE = SAMPLES / "motorcycle.jpg"


def test_models_are_listed(front_end: FrontEnd) -> None:
    status, answer = front_end.ask("models")
    assert status == 200
    models = {model.pop("name"): model for model in answer["models"]}
    size = models["digits"].pop("bytes")
    assert 100_000 < size < 200_000
    assert models["digits"] == {
        "title": "Handwritten digits",
        "input": "drawing",
        "output": "classes",
    }


def test_a_model_is_warmed(front_end: FrontEnd) -> None:
    status, answer = front_end.ask("warm?model=digits")
    assert status == 200
    assert answer["model"] == "digits"
    assert answer["backend"] in ("webgl", "wasm", "cpu")


def test_numbers_are_a_digit(front_end: FrontEnd) -> None:
    status, answer = front_end.predict({"data": SEVEN})
    assert status == 200
    assert answer.keys() == {"results", "result"}
    assert answer["results"][0]["className"] == "7"
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


CATS = Card(
    name="cats",
    title="Cats",
    license="CC0-1.0",
    source="Made up.",
    input=Kind("picture", {"fit": "stretch", "mean": 0, "std": 255}),
    output=Kind("classes", {}),
    inputs=(Tensor("image", (1, 2, 3, 3), "float32"),),
    outputs=(Tensor("probabilities", (1, 6), "float32"),),
    labels=("lion", "lynx", "manul", "puma", "tabby", "tiger"),
    metrics=(),
    files=(File("model.json", 0, "0" * 64), File("golden.bin", 0, "0" * 64)),
    parity=Parity("nothing", 0.0, 0.0, 0.0),
    golden=Golden("golden.bin", ()),
)
ADD_CATS = """(card) => {
  const { engine } = glassbooth;
  const { load, run } = engine;
  engine.load = async (name) => (name === 'efficientnet-lite0'
    ? { handle: -1, card, backend: 'wasm', trials: [] } : load.call(engine, name));
  engine.run = async (handle, inputs) => {
    if (handle !== -1) return run.call(engine, handle, inputs);
    const [{ values, shape }] = Object.values(inputs);
    globalThis.seen = { values: [...values], shape };
    return { probabilities: Float32Array.of(0.0625, 0.125, 0, 0.25, 0.5, 0.0625) };
  };
}"""
HALF_RED = """async () => {
  const canvas = new OffscreenCanvas(30, 20);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#f00';
  pen.fillRect(0, 0, 30, 10); // the rest is transparent, which is white
  const body = await canvas.convertToBlob({ type: 'image/png' });
  const response = await fetch('api/predict/efficientnet-lite0', { method: 'POST', body });
  return [response.status, await response.json()];
}"""


def test_a_picture_is_five_guesses(front_end: FrontEnd, app: Page) -> None:
    app.evaluate(ADD_CATS, CATS.to_json())
    status, answer = front_end.page.evaluate(HALF_RED)
    app.evaluate(
        """() => {
          delete glassbooth.engine.load;
          delete glassbooth.engine.run;
        }"""
    )
    assert status == 200
    guesses = {"tabby": 0.5, "puma": 0.25, "lynx": 0.125, "lion": 0.0625, "tiger": 0.0625}
    assert answer == {
        "results": [{"className": name, "probability": p} for name, p in guesses.items()]
    }
    seen = app.evaluate("seen")
    assert seen["shape"] == [1, 2, 3, 3]
    values = np.reshape(seen["values"], (2, 3, 3))
    assert values[0, 1].tolist() == pytest.approx([1, 0, 0], abs=0.3)
    assert values[1, 1].tolist() == pytest.approx([1, 1, 1], abs=0.3)


def test_numbers_are_for_digits_alone(front_end: FrontEnd) -> None:
    status, answer = front_end.predict({"data": SEVEN}, "nanodet")
    assert status == 400
    assert answer["message"] == 'This model takes a picture: JSON must be {"image": BASE64}.'


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
