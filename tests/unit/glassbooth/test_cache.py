from pathlib import Path

import pytest

from glassbooth.cache import MAX_FOLDERS, cached_folder


def test_a_folder_is_made_once(tmp_path: Path) -> None:
    def never(_: Path) -> None:
        pytest.fail("it was made before")

    first = cached_folder(tmp_path, "key", lambda folder: (folder / "a.txt").touch())
    assert cached_folder(tmp_path, "key", never) == first
    assert (first / "a.txt").is_file()


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        cached_folder(tmp_path, "key", fail)
    assert list(tmp_path.iterdir()) == []


def test_the_oldest_go(tmp_path: Path) -> None:
    for number in range(MAX_FOLDERS + 3):
        cached_folder(tmp_path, str(number), lambda folder: (folder / "a.txt").touch())
    assert len(list(tmp_path.iterdir())) == MAX_FOLDERS
    assert (tmp_path / str(MAX_FOLDERS + 2)).is_dir()
