"""Picture: a photograph of any size becomes an image tensor ``(1, h, w, 3)``.

Options describe the preprocessing the network was trained with; see `framing`.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import framing
from arrays import only_input
from card import Card
from kinds import Body, Context, GivenError, Option, PictureFile

OPTIONS: tuple[Option, ...] = framing.OPTIONS

FORMS = 'This model takes a picture: JSON must be {"image": BASE64}.'


def check(card: Card) -> None:
    """Check that the model takes one image, channels last; see `kinds.InputKind`."""
    only_input(card, "picture")
    framing.check(card)


def prepare(given: NDArray[np.uint8], card: Card) -> dict[str, NDArray[Any]]:
    """Return the model's input.

    Args:
        given: ``(H, W, 3) uint8 RGB``.
        card: Card whose input is ``(1, h, w, 3)``.

    Returns:
        Input by name, ``(1, h, w, 3)``, float32, or int32 if the card's input has that dtype.

    Raises:
        ValueError: If the array has another shape or dtype.
        CardError: If an option is wrong.
    """
    framing.check_picture(given)
    return {card.inputs[0].name: framing.normalized(framing.fitted(given, card), card)}


def context(given: NDArray[np.uint8]) -> Context:
    """Return the picture's size."""
    return Context((given.shape[0], given.shape[1]))


def parse(body: Body, card: Card) -> PictureFile:
    """Return the picture file of a request: the body itself, or ``{"image": BASE64}``."""
    return PictureFile(body.content if body.fields is None else image(body.fields, FORMS))


def image(fields: Mapping[str, Any], forms: str) -> bytes:
    """Return the content of the picture file in ``{"image": BASE64}``.

    Args:
        fields: Fields of the request's JSON.
        forms: Error message for other fields.

    Raises:
        GivenError: If the field is missing, or not base64.
    """
    if set(fields) != {"image"}:
        raise GivenError(forms)
    text = fields["image"]
    if not isinstance(text, str):
        raise GivenError(f"image: expected a picture as base64, got {type_name(text)}.")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        hint = "; leave out what stands before the comma" if text.startswith("data:") else ""
        raise GivenError(f"image: is not base64{hint}.") from None
    if not content:
        raise GivenError("image: is empty.")
    return content


def type_name(value: object) -> str:
    """Return the type of a JSON value in words: ``a list``."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return names.get(type(value), "null" if value is None else "a number")
