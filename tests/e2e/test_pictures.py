"""Decoding of pictures of all formats, and rejection of other files."""

import random
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from glassbooth.dev.browsing import SAMPLE_NAMES
from tests.e2e.booth import PhotoPage
from tests.e2e.conftest import open_photos
from tests.e2e.photographs import as_python_sees, encode, odd_pictures, sample

ORIENTATION = 0x0112
"""EXIF tag of the orientation."""
TURNED = (
    None,
    Image.Transpose.FLIP_LEFT_RIGHT,
    Image.Transpose.ROTATE_180,
    Image.Transpose.FLIP_TOP_BOTTOM,
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_90,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_270,
)
"""Transposition of an upright scene as stored in each of EXIF's eight orientations."""


@pytest.fixture(scope="module")
def booth(browser: Browser) -> Iterator[PhotoPage]:
    with open_photos(browser, "identify") as booth:
        yield booth


def test_pixels_are_those_that_python_sees(booth: PhotoPage) -> None:
    pictures = {name: encode(sample(name)) for name in SAMPLE_NAMES}
    for name, data in (pictures | odd_pictures()).items():
        booth.give(data)
        booth.answered()
        expected = as_python_sees(data)
        if max(expected.shape) > 2048:  # larger than what the page shows
            continue
        seen = booth.pixels()
        assert seen.shape == expected.shape, name
        assert np.abs(seen.astype(int) - expected).max() <= 1, name


def test_every_exif_orientation_gives_one_answer(booth: PhotoPage) -> None:
    scene = sample("coffee").crop((0, 0, 592, 400))  # whole blocks of JPEG, whichever way it lies
    answers, views = [], []
    for orientation, turn in enumerate(TURNED, start=1):
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        stored = scene if turn is None else scene.transpose(turn)
        booth.give(encode(stored, "JPEG", quality=95, subsampling=0, exif=exif))
        answers.append(booth.answered()["results"])
        views.append(booth.pixels().astype(int))
    for answer, view in zip(answers, views, strict=True):
        assert view.shape == (400, 592, 3)
        assert np.abs(view - views[0]).mean() < 0.5
        assert [each["className"] for each in answer] == [each["className"] for each in answers[0]]
        assert [each["probability"] for each in answer] == pytest.approx(
            [each["probability"] for each in answers[0]], abs=0.005
        )


def test_what_is_no_picture_is_told_and_the_page_goes_on(booth: PhotoPage) -> None:
    kinds = "Only PNG and JPEG images are supported"
    cat = sample("cat")
    booth.give(b"just text", "picture.png", "image/png")
    booth.refused(kinds)
    booth.give(b"", "picture.jpg", "image/jpeg")
    booth.refused(kinds)
    for kind in ("GIF", "WEBP", "BMP"):
        booth.give(encode(cat, kind), "picture.jpg", "image/jpeg")
        booth.refused(kinds)
    png = encode(cat)
    booth.give(png + bytes(5_000_001 - len(png)))
    booth.refused("has 5,000,001 bytes, 5,000,000 are allowed")
    booth.give(png[:16] + (200_000).to_bytes(4) * 2 + png[24:])
    booth.refused("has 200000 x 200000 pixels")
    booth.give(png[: len(png) // 2])
    booth.refused("damaged")

    booth.give(png, "a name that says nothing", "application/octet-stream")
    booth.answered()
    assert booth.pixels().shape == (300, 451, 3)


def damaged_files(count: int) -> Iterator[bytes]:
    """Corrupt and truncated photographs, from a fixed seed."""
    chance = random.Random(4)
    files = [encode(sample(name).resize((96, 64)), kind) for name in SAMPLE_NAMES
             for kind in ("PNG", "JPEG")]  # fmt: skip
    for number in range(count):
        data = bytearray(files[number % len(files)])
        if chance.random() < 0.4:
            del data[chance.randrange(len(data)) :]
        for _ in range(chance.randrange(1, 20)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        yield bytes(data)


def test_300_damaged_files_each_give_an_answer_or_an_error(booth: PhotoPage) -> None:
    page = booth.page
    booth.give(encode(sample("cat")))
    booth.answered()
    before = page.evaluate("glassbooth.engine.stats()")
    outcomes = {"answered": 0, "refused": 0}
    for data in damaged_files(300):
        booth.give(data)
        done = page.locator("#results[data-state=done]")
        expect(booth.error.or_(done).first).to_be_visible()
        if booth.error.is_visible():
            outcomes["refused"] += 1
            message = booth.error.inner_text()
            assert message.startswith(("Only PNG and JPEG", "The picture ")), message
            booth.error.get_by_role("button").click()
        else:
            outcomes["answered"] += 1
    assert min(outcomes.values()) > 30, outcomes
    after = page.evaluate("glassbooth.engine.stats()")
    assert (after["tensors"], after["bytes"]) == (before["tensors"], before["bytes"])
    booth.give(encode(sample("cat")))
    booth.answered()
