"""Test pictures, and their pixels as decoded by Pillow."""

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from glassbooth.dev.browsing import SAMPLES

Array = NDArray[np.uint8]


def sample(name: str) -> Image.Image:
    with Image.open(SAMPLES / f"{name}.jpg") as image:
        return image.convert("RGB")


def encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png16(samples: NDArray[np.uint16], colour: int) -> bytes:
    """Encode 16 bits for each sample; Pillow cannot. `colour` is PNG's colour type."""
    height, width = samples.shape[:2]
    rows = samples.astype(">u2").reshape(height, -1)
    data = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(data)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def with_gamma(png: bytes) -> bytes:
    """Return a PNG with a gamma chunk for linear light, which must not change the pixels."""
    return png[:33] + chunk(b"gAMA", struct.pack(">I", 100_000)) + png[33:]


def wide(image: Image.Image) -> NDArray[np.uint16]:
    """Return a picture with 16 significant bits per sample."""
    values = np.asarray(image).astype(np.uint16)
    return values * 257 - np.uint16(100) * (values > 0)


def odd_pictures() -> dict[str, bytes]:
    """Return PNG files of unusual sizes and formats."""
    cat, coffee = sample("cat"), sample("coffee")
    half = cat.copy()
    half.putalpha(Image.linear_gradient("L").resize(cat.size))
    grey_half = cat.convert("LA")
    grey_half.putalpha(Image.linear_gradient("L").resize(cat.size))
    palette = cat.quantize(32)
    return {
        "one pixel": encode(Image.new("RGB", (1, 1), (200, 30, 90))),
        "a line down": encode(coffee.resize((1, 4000))),
        "a line across": encode(coffee.resize((4000, 1))),
        "panorama": encode(sample("motorcycle").resize((3000, 300))),
        "grey": encode(cat.convert("L")),
        "black and white": encode(cat.convert("1")),
        "transparent": encode(half),
        "grey and transparent": encode(grey_half),
        "palette": encode(palette),
        "palette and transparent": encode(palette, transparency=3),
        "16 bits": png16(wide(coffee), 2),
        "16 bits, grey": png16(wide(cat.convert("L")), 0),
        "16 bits, transparent": png16(wide(half), 6),
        "gamma": with_gamma(encode(coffee)),
    }


def as_python_sees(data: bytes) -> Array:
    """Return a file's pixels, `(H, W, 3)`: upright, 8 bits, over white."""
    with Image.open(io.BytesIO(data)) as file:
        image = ImageOps.exif_transpose(file)
        if image.mode.startswith("I"):  # 16 bits of grey: Pillow leaves them as they are
            grey = (np.asarray(image) >> 8).astype(np.uint8)
            return np.repeat(grey[..., None], 3, axis=2)
        white = Image.new("RGBA", image.size, "white")
        return np.asarray(Image.alpha_composite(white, image.convert("RGBA")).convert("RGB"))
