"""Sheets of garments, to be looked at."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Images = NDArray[np.uint8]

_GAP = 2


def save(rows: Sequence[Images], path: Path, enlarge: int = 2) -> None:
    """Write rows of garments as a picture, dark on white.

    Args:
        rows: Of each row its images ``(N, 28, 28) uint8``, 0 being background.
        path: Of a PNG file.
        enlarge: Pixels of the picture for one of a garment.
    """
    sheet = np.concatenate([_row(images) for images in rows])
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.fromarray(255 - sheet)
    size = picture.width * enlarge, picture.height * enlarge
    picture.resize(size, Image.Resampling.NEAREST).save(path, optimize=True)


def _row(images: Images) -> Images:
    return np.concatenate([np.pad(each, _GAP // 2) for each in images], axis=1)
