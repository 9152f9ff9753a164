"""Contact sheets of garments."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Images = NDArray[np.uint8]

_GAP = 2


def save(rows: Sequence[Images], path: Path, enlarge: int = 2) -> None:
    """Write rows of garments as a PNG file, dark on white.

    Args:
        rows: Images of each row, ``(N, 28, 28) uint8``, 0 being background.
        path: The PNG file.
        enlarge: Integer scale factor.
    """
    sheet = np.concatenate([_row(images) for images in rows])
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.fromarray(255 - sheet)
    size = picture.width * enlarge, picture.height * enlarge
    picture.resize(size, Image.Resampling.NEAREST).save(path, optimize=True)


def _row(images: Images) -> Images:
    return np.concatenate([np.pad(each, _GAP // 2) for each in images], axis=1)
