import errno
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from glassbooth import wheel as module
from glassbooth.errors import BuildError
from glassbooth.project import Project
from glassbooth.wheel import (
    Wheel,
    WheelSource,
    WheelSourceError,
    find_wheel,
    from_pypi,
    wanted_wheel,
)

RIGHT = b"abc"
WHEEL = Wheel(
    "numpy-1-wasm32.whl", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "314"
)


def gives(content: bytes) -> WheelSource:
    def fetch(wheel: Wheel, path: Path) -> None:
        path.write_bytes(content)

    return WheelSource("the giver", fetch)


def fails(error: Exception) -> WheelSource:
    def fetch(wheel: Wheel, path: Path) -> None:
        path.write_bytes(b"half")
        raise error

    return WheelSource("the failer", fetch)


def test_the_wheel_is_the_one_that_pyodide_names(tmp_path: Path) -> None:
    folder = tmp_path / "node_modules/pyodide"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"version": "314.0.4"}')
    numpy = {"file_name": "numpy.whl", "sha256": "ab" * 32}
    (folder / "pyodide-lock.json").write_text(json.dumps({"packages": {"numpy": numpy}}))
    assert wanted_wheel(Project(tmp_path)) == Wheel("numpy.whl", "ab" * 32, "314.0.4")


def test_right_bytes_are_kept_and_not_fetched_again(tmp_path: Path) -> None:
    found = find_wheel(WHEEL, tmp_path / "new", [gives(RIGHT)])
    assert found == tmp_path / "new" / WHEEL.name
    assert found.read_bytes() == RIGHT
    assert find_wheel(WHEEL, tmp_path / "new", []) == found
    assert [path.name for path in (tmp_path / "new").iterdir()] == [WHEEL.name]


def test_wrong_bytes_are_refused_and_the_next_source_is_tried(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = find_wheel(WHEEL, tmp_path, [gives(b"evil"), gives(RIGHT)])
    assert found.read_bytes() == RIGHT
    lines = capsys.readouterr().out.splitlines()
    assert "refused, these are other bytes" in lines[0]
    assert WHEEL.sha256 in lines[0]
    assert len(lines) == 2


@pytest.mark.parametrize(
    "error", [WheelSourceError("no"), TimeoutError("timed out"), ConnectionResetError("reset")]
)
def test_a_source_that_fails_is_followed_by_the_next(tmp_path: Path, error: Exception) -> None:
    assert find_wheel(WHEEL, tmp_path, [fails(error), gives(RIGHT)]).read_bytes() == RIGHT


def test_wrong_bytes_from_everywhere_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as raised:
        find_wheel(WHEEL, tmp_path, [fails(WheelSourceError("silent")), gives(b"<html>")])
    text = str(raised.value)
    assert "the failer: silent" in text
    assert "the giver: refused" in text
    assert f"put the file into {tmp_path} yourself" in text
    assert list(tmp_path.iterdir()) == []


def test_an_altered_file_in_the_cache_is_fetched_again(tmp_path: Path) -> None:
    (tmp_path / WHEEL.name).write_bytes(b"flipped")
    assert find_wheel(WHEEL, tmp_path, [gives(RIGHT)]).read_bytes() == RIGHT


def test_a_full_disk_is_not_blamed_on_the_source(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OSError, match="No space left"):
        find_wheel(WHEEL, tmp_path, [fails(full), gives(RIGHT)])


@pytest.mark.parametrize("found", [True, False])
def test_the_wheel_is_taken_out_of_the_package_that_carries_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: bool
) -> None:
    member = f"open_webui/frontend/pyodide/{WHEEL.name}" if found else "README.md"

    def download(what: str, command: list[Any], **options: Any) -> str:
        folder = command[command.index("--dest") + 1]
        with zipfile.ZipFile(folder / "open_webui-0.12.4.whl", "w") as archive:
            archive.writestr(member, RIGHT)
        return ""

    monkeypatch.setattr(module, "run", download)
    target = tmp_path / WHEEL.name
    if found:
        from_pypi(WHEEL, target)
        assert target.read_bytes() == RIGHT
    else:
        with pytest.raises(
            WheelSourceError, match="does not hold open_webui/frontend/pyodide/numpy"
        ):
            from_pypi(WHEEL, target)
    assert not (tmp_path / "pypi").exists()


def test_a_failed_download_from_pypi_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise BuildError("Fetching failed (exit status 1).\n  | WARNING: retry\n  | ERROR: no")

    monkeypatch.setattr(module, "run", fail)
    with pytest.raises(WheelSourceError, match=r"^ERROR: no$"):
        from_pypi(WHEEL, tmp_path / WHEEL.name)
