from pathlib import Path

import numpy as np
from PIL import Image

from models.garments import sheets


def test_a_sheet_has_a_row_of_dark_garments_on_white_for_each_class(tmp_path: Path) -> None:
    rows = [np.full((3, 28, 28), ink, np.uint8) for ink in (255, 100)]
    sheets.save(rows, tmp_path / "new" / "sheet.png", enlarge=2)
    sheet = np.asarray(Image.open(tmp_path / "new" / "sheet.png"))
    assert sheet.shape == (2 * 2 * 30, 2 * 3 * 30)
    assert sheet[30, 30] == 0
    assert sheet[90, 150] == 155
    assert sheet[30, 60] == 255
