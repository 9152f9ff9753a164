import base64
import json
import math
from typing import Any

import numpy as np
import pytest

from api.request import ApiError, Call, Request, read_input, route

MODELS = ("digits", "nanodet")
DATA = [0.0] * 783 + [1]


def post(body: bytes | str, kind: str = "") -> Request:
    content = body.encode() if isinstance(body, str) else body
    return Request("POST", "predict/digits", type=kind, body=content)


@pytest.mark.parametrize(
    ("request_", "call"),
    [
        (Request("GET", "models"), Call("models")),
        (Request("GET", "models", "cache=no"), Call("models")),
        (Request("GET", "warm", "model=nanodet"), Call("warm", "nanodet")),
        (Request("POST", "predict/digits"), Call("predict", "digits")),
    ],
)
def test_a_request_asks_for_something(request_: Request, call: Call) -> None:
    assert route(request_, MODELS) == call


@pytest.mark.parametrize(
    ("request_", "code", "message"),
    [
        (Request("GET", ""), 404, "There is no api/: there are GET api/models, GET api/warm"),
        (Request("GET", "model"), 404, "There is no api/model: there are"),
        (Request("GET", "models/digits"), 404, "There is no api/models/digits"),
        (Request("POST", "predict"), 404, "There is no api/predict:"),
        (Request("POST", "predict/"), 404, "There is no api/predict/:"),
        (Request("POST", "predict/digits/"), 404, "There is no api/predict/digits/:"),
        (Request("POST", "predict/7s"), 404, "There is no model '7s': there are digits, nanodet"),
        (Request("GET", "warm", "model=7s"), 404, "There is no model '7s'"),
        (Request("POST", "models"), 400, "api/models takes GET, not POST"),
        (Request("GET", "predict/digits"), 400, "api/predict takes POST, not GET"),
        (Request("PUT", "predict/digits"), 400, "api/predict takes POST, not PUT"),
        (Request("GET", "warm"), 400, r"api/warm needs one model's name: api/warm\?model=NAME"),
        (Request("GET", "warm", "model="), 400, "needs one model's name"),
        (Request("GET", "warm", "model=digits&model=nanodet"), 400, "needs one model's name"),
    ],
    ids=str,
)
def test_a_request_that_is_made_wrong_is_refused(
    request_: Request, code: int, message: str
) -> None:
    with pytest.raises(ApiError, match=message) as caught:
        route(request_, MODELS)
    assert caught.value.code == code


@pytest.mark.parametrize("kind", ["image/png", "application/json", "text/plain", ""])
@pytest.mark.parametrize("start", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"])
def test_a_picture_is_known_by_its_first_byte_whatever_it_is_called(
    start: bytes, kind: str
) -> None:
    assert read_input(post(start + b"...", kind)) == start + b"..."


def test_what_is_no_json_is_left_to_whoever_decodes_pictures() -> None:
    assert read_input(post(b"GIF89a")) == b"GIF89a"


@pytest.mark.parametrize("kind", ["application/json", "text/plain;charset=UTF-8", ""])
def test_json_with_a_picture(kind: str) -> None:
    body = json.dumps({"image": base64.b64encode(b"\x89PNG").decode()})
    assert read_input(post("\n " + body, kind)) == b"\x89PNG"


def test_json_with_numbers() -> None:
    values = read_input(post(json.dumps({"data": DATA})))
    assert isinstance(values, np.ndarray)
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, DATA)


def data(index: int, value: Any) -> str:
    return json.dumps({"data": [*DATA[:index], value, *DATA[index + 1 :]]})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "The body is empty: send a PNG or JPEG picture, or JSON"),
        ("{", "is not JSON that can be read: Expecting property name"),
        ("[" * 100, "is not JSON that can be read"),
        ("[" * 101, "JSON must be"),
        ('{"data":' * 1_000_000, "JSON must be"),
        ('{"data": [' + "9" * 5000 + "]}", "is not JSON that can be read"),
        ("[]", "JSON must be"),
        ("{}", "JSON must be"),
        ('{"picture": ""}', "JSON must be"),
        ('{"image": "AAAA", "data": []}', "JSON must be"),
        ('{"image": 7}', "image: expected a picture as base64, got a number"),
        ('{"image": null}', "got null"),
        ('{"image": ""}', "image: is empty"),
        ('{"image": "AAA"}', "image: is not base64"),
        ('{"image": "AA*A"}', r"image: is not base64\.$"),
        ('{"image": "\u00e4\u00e4\u00e4\u00e4"}', "image: is not base64"),
        ('{"image": "data:image/png;base64,AAAA"}', "leave out what stands before the comma"),
        ('{"data": "0"}', "data: expected a list of 784 numbers, got text"),
        ('{"data": {}}', "got an object"),
        ('{"data": true}', "got true or false"),
        ('{"data": []}', "data: expected 784 numbers, got 0"),
        (json.dumps({"data": [*DATA, 0]}), "data: expected 784 numbers, got 785"),
        (data(0, math.nan), r"data\[0\]: expected a number from 0 to 1, got NaN"),
        (data(783, math.inf), r"data\[783\]: expected a number from 0 to 1, got Infinity"),
        (data(5, -0.001), r"data\[5\]: expected a number from 0 to 1, got -0.001"),
        (data(5, 255), r"data\[5\]: expected a number from 0 to 1, got 255"),
        (data(5, 10**400), r"data\[5\]: expected a number from 0 to 1, got 1000"),
        (data(5, True), r"data\[5\]: expected a number from 0 to 1, got true"),
        (data(5, None), r"data\[5\]: expected a number from 0 to 1, got null"),
        (data(5, "0.5"), r'data\[5\]: expected a number from 0 to 1, got "0.5"'),
        (data(5, [[0]]), r"data\[5\]: expected a number from 0 to 1, got \[\[0\]\]"),
    ],
    ids=lambda part: part[:40],
)
def test_a_body_that_is_wrong_is_refused(body: str, message: str) -> None:
    with pytest.raises(ApiError, match=message) as caught:
        read_input(post(body))
    assert caught.value.code == 400


@pytest.mark.parametrize("body", [b"hello", b"\xef\xbb\xbf7", b"\x00"])
def test_what_is_called_json_is_taken_for_json(body: bytes) -> None:
    with pytest.raises(ApiError, match=r"is not JSON that can be read|JSON must be"):
        read_input(post(body, "application/json; charset=utf-8"))


def test_a_refusal_is_sent_back_as_code_and_message() -> None:
    assert ApiError(404, 'no "x"').reply() == (404, '{"code": 404, "message": "no \\"x\\""}')
