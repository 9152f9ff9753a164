"""Read and check the headers of PNG and JPEG files before they are decoded.

Formats: PNG (W3C, Third Edition, sections 5.2 and 11.2.1) and JPEG (ITU-T T.81, annex B).
"""

from dataclasses import dataclass

MAX_BYTES = 5_000_000
"""Largest accepted file, in bytes."""

MAX_PIXELS = 40_000_000
"""Largest decoded picture, in pixels: 120 MB as RGB."""

MAX_SIDE = 16_384
"""Longest decoded side, in pixels; no phone's panorama is longer."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers that start a frame (T.81, table B.1): SOF0 to SOF15, without DHT, JPG and DAC."""
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers that stand alone: TEM and the restarts."""
_END = frozenset({0xD9, 0xDA})
"""End of image, and start of scan: no frame can follow as the first one."""


class PictureError(ValueError):
    """A picture that cannot be used; the message is a sentence for people."""


class TooManyBytesError(PictureError):
    """A file that is larger than `MAX_BYTES`."""


@dataclass(frozen=True)
class Header:
    """Header of a picture file.

    Attributes:
        type: ``image/png`` or ``image/jpeg``.
        width: Stored width in pixels, before rotation by the EXIF orientation.
        height: Likewise.
    """

    type: str
    width: int
    height: int


def check_bytes(size: int) -> None:
    """Check the length of a file, before it is read.

    Raises:
        TooManyBytesError: If it is longer than `MAX_BYTES`.
    """
    if size > MAX_BYTES:
        raise TooManyBytesError(
            f"The picture has {size:,} bytes, {MAX_BYTES:,} are allowed. "
            "Make it smaller and try again."
        )


def read_header(data: bytes) -> Header:
    """Read and check the header of a picture file.

    Args:
        data: The whole file.

    Raises:
        TooManyBytesError: If the file is longer than `MAX_BYTES`.
        PictureError: If it is neither PNG nor JPEG, its header is invalid, or it is larger than
            `MAX_PIXELS` or `MAX_SIDE`.
    """
    check_bytes(len(data))
    if data.startswith(_PNG):
        header = _read_png(data)
    elif data.startswith(_JPEG):
        header = _read_jpeg(data)
    else:
        raise PictureError("Only PNG and JPEG images are supported")
    _check_size(header)
    return header


def _read_png(data: bytes) -> Header:
    if len(data) < 33 or data[12:16] != b"IHDR":
        raise _damaged()
    width, height = (int.from_bytes(data[start : start + 4]) for start in (16, 20))
    return Header("image/png", width, height)


def _read_jpeg(data: bytes) -> Header:
    position = 2
    while position + 9 <= len(data):
        marker = data[position + 1]
        if data[position] != 0xFF or marker in _END:
            break
        if marker == 0xFF:  # any number of fill bytes may precede a marker
            position += 1
        elif marker in _NO_LENGTH:
            position += 2
        elif marker in _FRAMES:
            height, width = (
                int.from_bytes(data[start : start + 2]) for start in (position + 5, position + 7)
            )
            return Header("image/jpeg", width, height)
        else:
            position += 2 + int.from_bytes(data[position + 2 : position + 4])
    raise _damaged()


def _check_size(header: Header) -> None:
    width, height = header.width, header.height
    if width == 0 or height == 0:
        raise _damaged()
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise PictureError(
            f"The picture has {width} x {height} pixels, {MAX_PIXELS // 1_000_000} million and "
            f"{MAX_SIDE} on a side are allowed. Make it smaller and try again."
        )


def _damaged() -> PictureError:
    return PictureError("The picture is damaged: its header cannot be read. Try another file.")
