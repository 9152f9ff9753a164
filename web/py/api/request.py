"""Route requests to the local API, and parse and check their bodies."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from inputs.picture import type_name
from kinds import Body

METHODS = {"models": "GET", "warm": "GET", "predict": "POST"}
"""HTTP methods by verb."""

USAGE = "GET api/models, GET api/warm?model=NAME and POST api/predict/NAME"

FORMS = 'an object such as {"image": BASE64}'

MOST_BRACKETS = 100
"""Most opening brackets in a body; valid requests need two."""


class ApiError(Exception):
    """A refused request; the message says why, and what to send instead.

    Attributes:
        code: 400, 404, 413 or 503, as in HTTP.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

    def reply(self) -> tuple[int, str]:
        """Return the status and JSON of the response."""
        return self.code, json.dumps({"code": self.code, "message": str(self)})


@dataclass(frozen=True)
class Request:
    """An incoming request.

    Attributes:
        method: HTTP method, in capitals.
        path: Part of the address after ``api/``, without the query.
        query: Part of the address after the question mark.
        type: Content type; empty if the sender gives none.
        body: Content; may be empty.
    """

    method: str
    path: str
    query: str = ""
    type: str = ""
    body: bytes = b""


@dataclass(frozen=True)
class Call:
    """A routed request.

    Attributes:
        verb: A key of `METHODS`.
        model: Name of the model; empty for the list of all.
    """

    verb: str
    model: str = ""


def route(request: Request, models: Collection[str]) -> Call:
    """Route a request.

    Args:
        request: The request; its body is not read.
        models: Names of the site's models.

    Raises:
        ApiError: 404 for an unknown address or model, 400 for an invalid request.
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


def read_body(request: Request) -> Body:
    """Return the unchecked body: the fields of JSON, or the content of a file.

    Raises:
        ApiError: 400 if it is empty, invalid JSON, or JSON other than an object.
    """
    if not request.body:
        raise ApiError(400, "The body is empty: send a file, such as a PNG or JPEG, or JSON.")
    return Body(fields=_parse(request.body)) if _is_json(request) else Body(request.body)


def _is_json(request: Request) -> bool:
    """Return whether the body is JSON; the content type decides only ambiguous content."""
    if request.body[0] in b"\x89\xff":  # a PNG or JPEG, and never the beginning of JSON
        return False
    return "json" in request.type or request.body.lstrip()[:1] in (b"{", b"[")


def _parse(body: bytes) -> Mapping[str, Any]:
    # Deep nesting overflows the stack, which ends Python in the browser.
    if body.count(b"[") + body.count(b"{") > MOST_BRACKETS:
        raise ApiError(400, f"JSON must be {FORMS}: it is nested too deep.")
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise ApiError(400, f"The body is not JSON that can be read: {error}.") from None
    if not isinstance(fields, Mapping):
        raise ApiError(400, f"JSON must be {FORMS}, not {type_name(fields)}.")
    return fields
