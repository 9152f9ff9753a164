import base64
import json

import pytest

from api.request import ApiError, Call, Request, read_body, route
from kinds import Body

MODELS = ("digits", "nanodet")


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
    assert read_body(post(start + b"...", kind)) == Body(start + b"...")


def test_what_is_no_json_is_left_to_whoever_decodes_pictures() -> None:
    assert read_body(post(b"GIF89a")) == Body(b"GIF89a")


@pytest.mark.parametrize("kind", ["application/json", "text/plain;charset=UTF-8", ""])
def test_json_with_a_picture(kind: str) -> None:
    body = json.dumps({"image": base64.b64encode(b"\x89PNG").decode()})
    assert read_body(post("\n " + body, kind)) == Body(fields={"image": "iVBORw=="})


def test_json_with_numbers() -> None:
    values = [0.0] * 783 + [1]
    assert read_body(post(json.dumps({"data": values}))) == Body(fields={"data": values})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "The body is empty: send a file, such as a PNG or JPEG, or JSON"),
        ("{", "is not JSON that can be read: Expecting property name"),
        ("[" * 100, "is not JSON that can be read"),
        ("[" * 101, "JSON must be an object such as .*: it is nested too deep"),
        ('{"data":' * 1_000_000, "JSON must be"),
        ('{"data": [' + "9" * 5000 + "]}", "is not JSON that can be read"),
        ("[]", r'JSON must be an object such as {"image": BASE64}, not a list'),
        ("[0.5]", "JSON must be"),
    ],
    ids=lambda part: part[:40],
)
def test_a_body_that_is_wrong_is_refused(body: str, message: str) -> None:
    with pytest.raises(ApiError, match=message) as caught:
        read_body(post(body))
    assert caught.value.code == 400


@pytest.mark.parametrize("body", [b"hello", b"\xef\xbb\xbf7", b"\x00"])
def test_what_is_called_json_is_taken_for_json(body: bytes) -> None:
    with pytest.raises(ApiError, match=r"is not JSON that can be read|JSON must be"):
        read_body(post(body, "application/json; charset=utf-8"))


def test_a_refusal_is_sent_back_as_code_and_message() -> None:
    assert ApiError(404, 'no "x"').reply() == (404, '{"code": 404, "message": "no \\"x\\""}')
