"""Picture: an image that the network makes."""

import base64
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arrays import finite, only_output
from card import Card, CardError
from kinds import Arrays, Context, Json, Option

OPTIONS: tuple[Option, ...] = (
    Option("range", "numbers", [0.0, 1.0], "outputs that are black and white, as in --range=-1,1"),
)


@dataclass(frozen=True, eq=False)
class Picture:
    """Answer of a network that makes pictures.

    Attributes:
        values: ``(H, W, C) float32`` in 0..1, black to white; C is 1 for grey, 3 for RGB.
    """

    values: NDArray[np.float32]

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """``(H, W, C) uint8``."""
        return np.rint(self.values * 255).astype(np.uint8)


def check(card: Card) -> None:
    """Check that the model gives one image, channels last; see `kinds.OutputKind`."""
    tensor = only_output(card, "picture")
    if len(tensor.shape) != 4 or tensor.shape[3] not in {1, 3}:
        raise CardError(f"output {tensor.name}: expected (1, h, w, 1 or 3), got {tensor.shape}")
    _range(card)


def read(outputs: Arrays, card: Card, context: Context) -> Picture:
    """Return the picture.

    Args:
        outputs: One array, ``(1, h, w, 1 or 3) float32``.
        card: Its option ``range`` says which values are black and white.
        context: Not used.

    Raises:
        ValueError: If the output has another shape, or holds NaN or infinity.
    """
    name = card.outputs[0].name
    values = finite(outputs, name)
    if values.ndim != 4 or values.shape[0] != 1 or values.shape[3] not in {1, 3}:
        raise ValueError(f"output {name}: expected shape (1, h, w, 1 or 3), got {values.shape}")
    black, white = _range(card)
    return Picture(np.clip((values[0] - black) / (white - black), 0, 1).astype(np.float32))


def to_json(answer: Picture) -> Json:
    """Return ``{"image": base64 PNG}``."""
    return {"image": base64.b64encode(png(answer.pixels)).decode()}


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Return a PNG file (https://www.w3.org/TR/png-3/).

    Args:
        pixels: ``(H, W, 1) uint8`` grey or ``(H, W, 3) uint8`` RGB.
    """
    height, width, channels = pixels.shape
    colour = {1: 0, 3: 2}[channels]
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    rows = np.zeros((height, 1 + width * channels), np.uint8)  # each row begins with its filter
    rows[:, 1:] = pixels.reshape(height, -1)
    data = zlib.compress(rows.tobytes())
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def _range(card: Card) -> tuple[float, float]:
    given = OPTIONS[0].value(card.output_options)
    if not isinstance(given, list | tuple) or len(given) != 2 or given[0] == given[1]:
        raise CardError(f"option range: expected two different numbers, got {given!r}")
    return float(given[0]), float(given[1])
