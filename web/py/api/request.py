"""What is asked of the local API: checked here, before anything else sees it."""

import base64
import binascii
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

DATA_LENGTH = 784
"""Numbers of a drawn digit: 28 rows of 28, from the top left."""

METHODS = {"models": "GET", "warm": "GET", "predict": "POST"}
"""What can be asked for, and how."""

USAGE = "GET api/models, GET api/warm?model=NAME and POST api/predict/NAME"

FORMS = 'JSON must be {"image": BASE64}, or for digits {"data": [784 numbers from 0 to 1]}.'

MOST_BRACKETS = 100
"""Opening brackets in a body; two are needed."""

Input: TypeAlias = bytes | NDArray[np.float32]
"""What a network is to look at: the content of a picture file, or ``(784,) float32`` in 0..1."""


class ApiError(Exception):
    """A request that cannot be answered; the message says why, and what to send instead.

    Attributes:
        code: 400, 404, 413 or 503, as in HTTP.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

    def reply(self) -> tuple[int, str]:
        """Return the status and the JSON that are sent back."""
        return self.code, json.dumps({"code": self.code, "message": str(self)})


@dataclass(frozen=True)
class Request:
    """A request as it comes.

    Attributes:
        method: In capitals, as in HTTP.
        path: What follows ``api/`` in the address, up to the question mark.
        query: What follows the question mark.
        type: The content type; empty if the sender names none.
        body: Empty if there is none.
    """

    method: str
    path: str
    query: str = ""
    type: str = ""
    body: bytes = b""


@dataclass(frozen=True)
class Call:
    """What a request asks for.

    Attributes:
        verb: A key of `METHODS`.
        model: The model's name; empty for the list of all.
    """

    verb: str
    model: str = ""


def route(request: Request, models: Collection[str]) -> Call:
    """Find out what is asked for.

    Args:
        request: The request; its body is not looked at.
        models: Names of the models that there are.

    Raises:
        ApiError: 404 if there is no such address or model, 400 if the request is made wrong.
    """
    verb, _, model = request.path.partition("/")
    if verb not in METHODS or "/" in model or bool(model) != (verb == "predict"):
        raise ApiError(404, f"There is no api/{request.path}: there are {USAGE}.")
    if request.method != METHODS[verb]:
        raise ApiError(400, f"api/{verb} takes {METHODS[verb]}, not {request.method}.")
    if verb == "models":
        return Call(verb)
    if verb == "warm":
        model = _asked_model(request.query)
    if model not in models:
        raise ApiError(404, f"There is no model '{model}': there are {', '.join(models)}.")
    return Call(verb, model)


def _asked_model(query: str) -> str:
    fields = [field.partition("=") for field in query.split("&")]
    names = [value for key, _, value in fields if key == "model" and value]
    if len(names) != 1:
        raise ApiError(400, "api/warm needs one model's name: api/warm?model=NAME.")
    return names[0]


def read_input(request: Request) -> Input:
    """Take what the network is to look at from a request's body.

    Returns:
        The content of a picture file as it was sent, not checked yet, or ``(784,) float32``.

    Raises:
        ApiError: 400, if the body is neither.
    """
    if not request.body:
        raise ApiError(400, "The body is empty: send a PNG or JPEG picture, or JSON.")
    return _from_json(request.body) if _is_json(request) else request.body


def _is_json(request: Request) -> bool:
    """Tell by the content; what the sender calls it matters only where that leaves it open."""
    if request.body[0] in b"\x89\xff":  # a PNG or JPEG, and never the beginning of JSON
        return False
    return "json" in request.type or request.body.lstrip()[:1] in (b"{", b"[")


def _from_json(body: bytes) -> Input:
    fields = _parse(body)
    if isinstance(fields, Mapping) and len(fields) == 1:
        if "image" in fields:
            return _image(fields["image"])
        if "data" in fields:
            return _data(fields["data"])
    raise ApiError(400, FORMS)


def _parse(body: bytes) -> object:
    # Deep nesting would exhaust the stack, which in the browser ends Python for good.
    if body.count(b"[") + body.count(b"{") > MOST_BRACKETS:
        raise ApiError(400, FORMS)
    try:
        return json.loads(body)
    except ValueError as error:
        raise ApiError(400, f"The body is not JSON that can be read: {error}.") from None


def _image(text: object) -> bytes:
    if not isinstance(text, str):
        raise ApiError(400, f"image: expected a picture as base64, got {_kind(text)}.")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        hint = "; leave out what stands before the comma" if text.startswith("data:") else ""
        raise ApiError(400, f"image: is not base64{hint}.") from None
    if not content:
        raise ApiError(400, "image: is empty.")
    return content


def _data(values: object) -> NDArray[np.float32]:
    if not isinstance(values, list):
        raise ApiError(400, f"data: expected a list of {DATA_LENGTH} numbers, got {_kind(values)}.")
    if len(values) != DATA_LENGTH:
        raise ApiError(400, f"data: expected {DATA_LENGTH} numbers, got {len(values)}.")
    for index, value in enumerate(values):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value <= 1:  # NaN is not within either
            shown = json.dumps(value)[:40]
            raise ApiError(400, f"data[{index}]: expected a number from 0 to 1, got {shown}.")
    return np.asarray(values, np.float32)


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else "a number")
