"""Makes the sample photographs: ``python -m web.samples.recipe`` from the repository root.

They come from scikit-image, whose documentation of `skimage.data` says who took each and under
which terms; ``samples.json`` says it on the page.
"""

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import skimage
from PIL import Image

HERE = Path(__file__).parent
SOURCE = Path(skimage.__file__).parent / "data"

LONGER_SIDE = 640
"""In pixels, at most; smaller photographs stay as they are."""
QUALITY = 85
"""Of JPEG; the five of them are 250 kB together."""


class SourceError(Exception):
    """The installed scikit-image is not the one that the photographs are made from."""


@dataclass(frozen=True)
class Photograph:
    """A sample photograph.

    Attributes:
        file: Its name here.
        title: What is in it.
        credit: Who took it.
        licence: Under which terms it may be shown.
        source: Where it comes from.
    """

    file: str
    title: str
    credit: str
    licence: str
    source: str


SAMPLES = (
    (
        "chelsea.png",
        "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
        Photograph(
            "cat.jpg",
            "A cat",
            "Stéfan van der Walt",
            "CC0-1.0",
            "https://scikit-image.org/docs/0.26.x/api/skimage.data.html#skimage.data.chelsea",
        ),
    ),
    (
        "coffee.png",
        "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
        Photograph(
            "coffee.jpg",
            "A cup of coffee",
            "Rachel Michetti, courtesy of Pikolo Espresso Bar",
            "CC0-1.0",
            "https://scikit-image.org/docs/0.26.x/api/skimage.data.html#skimage.data.coffee",
        ),
    ),
    (
        "rocket.jpg",
        "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
        Photograph(
            "rocket.jpg",
            "A rocket taking off",
            "SpaceX",
            "Public domain",
            "https://www.flickr.com/photos/spacexphotos/16511594820/",
        ),
    ),
    (
        "astronaut.png",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
        Photograph(
            "astronaut.jpg",
            "The astronaut Eileen Collins",
            "NASA",
            "Public domain",
            "https://flic.kr/p/r9qvLn",
        ),
    ),
    (
        "motorcycle_left.png",
        "db18e9c4157617403c3537a6ba355dfeafe9a7eabb6b9b94cb33f6525dd49179",
        Photograph(
            "motorcycle.jpg",
            "A motorcycle in a workshop",
            "D. Scharstein, H. Hirschmüller, Y. Kitajima, G. Krathwohl, N. Nesic, X. Wang and "
            "P. Westling: Middlebury stereo datasets 2014",
            "Use and publication permitted by its makers, who ask to be cited",
            "https://vision.middlebury.edu/stereo/data/scenes2014/",
        ),
    ),
)
"""File of `skimage.data`, its SHA-256, and what is made of it."""


def main() -> None:
    """Make every photograph, and the list of them.

    Raises:
        SourceError: If a file of scikit-image is missing or another; see the module.
    """
    for name, sha256, photograph in SAMPLES:
        _make(SOURCE / name, sha256, HERE / photograph.file)
    listed = [asdict(photograph) for _, _, photograph in SAMPLES]
    text = json.dumps(listed, indent=2, ensure_ascii=False) + "\n"
    (HERE / "samples.json").write_text(text, encoding="utf-8")


def _make(source: Path, sha256: str, target: Path) -> None:
    if not source.is_file() or hashlib.sha256(source.read_bytes()).hexdigest() != sha256:
        raise SourceError(f"{source}: is not that of scikit-image 0.26.0; install that version")
    with Image.open(source) as image:
        photograph = image.convert("RGB")
    photograph.thumbnail((LONGER_SIDE, LONGER_SIDE), Image.Resampling.LANCZOS)
    photograph.save(target, quality=QUALITY, optimize=True, progressive=True)
    print(
        f"{target.name}: {photograph.width} x {photograph.height}, {target.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    try:
        main()
    except SourceError as error:
        sys.exit(f"error: {error}")
