import struct

import pytest

import picture_file as picture
from picture_file import Header, PictureError, TooManyBytesError, read_header

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TABLES = b"\xff\xdb\x00\x05\x00\x01\x02"
"""A segment of JPEG: DQT, of length 5."""


def png(width: int, height: int) -> bytes:
    chunk = struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0)
    return SIGNATURE + chunk + bytes(4)


def jpeg(width: int, height: int, marker: int = 0xC0, before: bytes = TABLES) -> bytes:
    frame = struct.pack(">BBHBHHB", 0xFF, marker, 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + before + frame


def test_a_png_is_known_by_its_content() -> None:
    assert read_header(png(640, 480)) == Header("image/png", 640, 480)


@pytest.mark.parametrize("marker", [0xC0, 0xC1, 0xC2, 0xCF])
def test_a_jpeg_is_known_by_its_content(marker: int) -> None:
    assert read_header(jpeg(640, 480, marker)) == Header("image/jpeg", 640, 480)


@pytest.mark.parametrize(
    "before",
    [
        TABLES * 3,
        b"\xff\xff\xff" + TABLES[1:],
        b"\xff\xd0" + TABLES,
        b"\xff\xe1\x00\x06\xff\xc0\x00\x00" + TABLES,
        b"\xff\xc4\x00\x03\x00",
    ],
    ids=["segments", "fill bytes", "restart", "frame within EXIF", "Huffman tables"],
)
def test_the_frame_is_found_behind_whatever_precedes_it(before: bytes) -> None:
    assert read_header(jpeg(7, 9, before=before)) == Header("image/jpeg", 7, 9)


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a" + bytes(40), b"RIFF\x00\x00\x00\x00WEBP" + bytes(40), b"<svg/>", b"\xff\xd8"],
    ids=["nothing", "GIF", "WebP", "SVG", "two bytes"],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(PictureError, match=r"^Only PNG and JPEG images are supported$"):
        read_header(data)


@pytest.mark.parametrize(
    "data",
    [
        png(1, 1)[:32],
        SIGNATURE + bytes(40),
        png(0, 5),
        jpeg(5, 0),
        jpeg(5, 5)[:-5],
        b"\xff\xd8\xff\xda" + bytes(40),
        b"\xff\xd8" + TABLES + bytes(40),
        b"\xff\xd8\xff\xe0\xff\xff" + bytes(40),
    ],
    ids=[
        "PNG cut off",
        "PNG without IHDR",
        "no width",
        "no height",
        "JPEG cut off",
        "scan without frame",
        "no marker",
        "segment beyond the end",
    ],
)
def test_a_header_that_cannot_be_read_is_damage(data: bytes) -> None:
    with pytest.raises(PictureError, match="is damaged: its header cannot be read"):
        read_header(data)


def test_every_cut_through_a_jpeg_header_ends() -> None:
    whole = jpeg(640, 480, before=TABLES * 5)
    for end in range(len(whole) - 4):
        with pytest.raises(PictureError):
            read_header(whole[:end])


def test_5_mb_are_allowed_and_no_byte_more() -> None:
    data = png(2, 2) + bytes(5_000_000)
    assert read_header(data[:5_000_000]) == Header("image/png", 2, 2)
    with pytest.raises(TooManyBytesError, match="has 5,000,001 bytes, 5,000,000 are allowed"):
        read_header(data[:5_000_001])


@pytest.mark.parametrize(
    ("width", "height"),
    [(8000, 5001), (1, 16_385), (16_385, 1), (2**31 - 1, 2**31 - 1)],
)
def test_absurd_dimensions_are_refused(width: int, height: int) -> None:
    with pytest.raises(PictureError, match=f"has {width} x {height} pixels, 40 million"):
        read_header(png(width, height))


@pytest.mark.parametrize(("width", "height"), [(8000, 5000), (1, 4000), (16_384, 1)])
def test_large_and_odd_dimensions_are_not(width: int, height: int) -> None:
    assert read_header(png(width, height)) == Header("image/png", width, height)
    assert width * height <= picture.MAX_PIXELS
