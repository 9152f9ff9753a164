"""The sample photographs."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from converter import cli

ROOT = Path(cli.__file__).parents[1]


def photograph(name: str) -> NDArray[np.uint8]:
    """Return a sample photograph, ``(H, W, 3) uint8`` RGB."""
    with Image.open(ROOT / "web" / "samples" / f"{name}.jpg") as image:
        return np.asarray(image.convert("RGB"))
