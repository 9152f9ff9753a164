"""The local API's answers, with a fake engine and fake pictures."""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from api.request import Request
from card import Kind
from picture_file import PictureError, TooManyBytesError
from tests.unit.cards import card, model

DIGITS = tuple("0123456789")
SEVEN = np.array([[0, 0, 0, 0, 0.25, 0, 0, 0.75, 0, 0]], np.float32)

CARDS = {
    "digits": model(
        {"image": (1, 28, 28, 1)},
        {"probabilities": (1, 10)},
        DIGITS,
        (Kind("drawing", {}), Kind("classes", {"every": True, "top": 1})),
    ),
    "animals": card(
        (4, 4), ("cat", "cup", "dog"), outputs={"y": (1, 3)}, output=Kind("classes", {})
    ),
    "where": card((4, 4), ("nose",), outputs={"y": (1, 1, 1, 3)}, output=Kind("points", {})),
    "bare": model({"x": (1, 2)}, {"y": (1, 2)}),
}
OUTPUTS = {
    "digits": {"probabilities": SEVEN},
    "animals": {"y": np.array([[0.25, 0.75, 0]], np.float32)},
    "where": {"y": np.array([[[[0.5, 0.25, 0.5]]]], np.float32)},
    "bare": {"y": np.zeros((1, 2), np.float32)},
}


class EngineError(Exception):
    pass


@dataclass(frozen=True)
class FakeEntry:
    name: str
    title: str
    input: str
    output: str
    bytes: int


class FakeModel:
    """A fake model that records its inputs and returns `OUTPUTS`."""

    def __init__(self, name: str) -> None:
        self.name, self.card, self.backend = name, CARDS[name], "wasm"
        self.given: dict[str, NDArray[Any]] = {}

    async def run(self, inputs: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        self.given.update(inputs)
        return OUTPUTS[self.name]


class FakeHost:
    """Fake of the host modules that the service uses."""

    def __init__(self) -> None:
        self.models = {name: FakeModel(name) for name in CARDS}
        self.picture = np.full((8, 6, 3), 230, np.uint8)
        self.refusal: Exception | None = None

    async def load(self, name: str) -> FakeModel:
        return self.models[name]

    async def decode(self, _content: bytes) -> NDArray[np.uint8]:
        if self.refusal:
            raise self.refusal
        return self.picture


@pytest.fixture
def fake_host(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHost]:
    made = FakeHost()
    host, engine, pictures = (ModuleType(name) for name in ("host", "engine", "pictures"))
    vars(engine).update(
        EngineError=EngineError,
        names=lambda: list(CARDS),
        entries=lambda: [FakeEntry("digits", "Digits", "drawing", "classes", 7)],
        load=made.load,
    )
    vars(pictures).update(decode=made.decode)
    vars(host).update(engine=engine, pictures=pictures)
    monkeypatch.setitem(sys.modules, "host", host)
    monkeypatch.delitem(sys.modules, "api.service", raising=False)
    yield made
    sys.modules.pop("api.service", None)


def ask(method: str, path: str, body: bytes | object = b"", query: str = "") -> tuple[int, Any]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request(method, path, query, body=content)
    status, text = asyncio.run(import_module("api.service").answer(request))
    return status, json.loads(text)


@pytest.mark.usefixtures("fake_host")
def test_models_are_listed_with_their_kinds() -> None:
    about = {"name": "digits", "title": "Digits", "input": "drawing", "output": "classes"}
    assert ask("GET", "models") == (200, {"models": [{**about, "bytes": 7}]})


@pytest.mark.usefixtures("fake_host")
def test_a_model_is_warmed() -> None:
    answer = {"model": "digits", "version": "", "backend": "wasm"}
    assert ask("GET", "warm", query="model=digits") == (200, answer)


def test_a_picture_of_a_digit_is_prepared_and_answered(fake_host: FakeHost) -> None:
    fake_host.picture = np.full((100, 80, 3), 230, np.uint8)
    fake_host.picture[20:80, 35:45] = 20
    status, answer = ask("POST", "predict/digits", b"\x89PNG")
    assert status == 200
    assert answer == {
        "results": [{"className": "7", "probability": 0.75}],
        "result": SEVEN[0].tolist(),
    }
    prepared = fake_host.models["digits"].given["image"]
    assert prepared.shape == (1, 28, 28, 1)
    assert prepared.max() == 1


def test_numbers_become_the_network_s_input_row_by_row(fake_host: FakeHost) -> None:
    values = np.linspace(0, 1, 784, dtype=np.float32)
    assert ask("POST", "predict/digits", {"data": values.tolist()})[0] == 200
    prepared = fake_host.models["digits"].given["image"]
    assert prepared.shape == (1, 28, 28, 1)
    assert prepared[0, 2, 3, 0] == values[2 * 28 + 3]


@pytest.mark.usefixtures("fake_host")
def test_numbers_are_refused_by_a_network_that_takes_pictures() -> None:
    status, answer = ask("POST", "predict/animals", {"data": [0.5] * 784})
    assert status == 400
    message = 'This model takes a picture: JSON must be {"image": BASE64}.'
    assert answer == {"code": 400, "message": message}


@pytest.mark.usefixtures("fake_host")
def test_a_picture_with_nothing_in_it_is_refused() -> None:
    status, answer = ask("POST", "predict/digits", b"\x89PNG")
    assert status == 400
    assert answer["message"].startswith("The picture is empty")


@pytest.mark.usefixtures("fake_host")
def test_a_classifier_s_answer_is_names_with_probabilities() -> None:
    assert ask("POST", "predict/animals", {"image": "iVBORw=="}) == (
        200,
        {
            "results": [
                {"className": "cup", "probability": 0.75},
                {"className": "cat", "probability": 0.25},
                {"className": "dog", "probability": 0},
            ]
        },
    )


@pytest.mark.usefixtures("fake_host")
def test_an_answer_is_in_pixels_of_the_picture_that_was_sent() -> None:
    # Of 8 x 6 pixels the middle 6 x 6 are seen, from the second row on.
    point = {"name": "nose", "x": 1.5, "y": 4.0, "score": 0.5}
    assert ask("POST", "predict/where", b"\xff\xd8\xff") == (200, {"points": [point]})


@pytest.mark.usefixtures("fake_host")
def test_a_model_without_kinds_has_no_answer() -> None:
    status, answer = ask("POST", "predict/bare", {"data": [1, 2]})
    assert status == 400
    assert "names no input kind and output kind" in answer["message"]


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (PictureError("The picture is damaged."), 400),
        (TooManyBytesError("The picture is large."), 413),
        (EngineError("The model is missing."), 503),
    ],
)
def test_refusals_have_the_status_of_their_cause(
    fake_host: FakeHost, refusal: Exception, status: int
) -> None:
    fake_host.refusal = refusal
    expected = {"code": status, "message": str(refusal)}
    assert ask("POST", "predict/animals", b"\x89PNG") == (status, expected)


@pytest.mark.usefixtures("fake_host")
def test_what_there_is_not_is_refused() -> None:
    assert ask("POST", "predict/rocks", b"\x89PNG")[0] == 404
    assert ask("POST", "predict/animals", b"")[0] == 400
