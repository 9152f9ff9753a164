import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

from converter import readers
from converter.errors import SourceError, ToolError
from converter.readers import Reader, Source
from tests.converter.building import source


def test_an_unknown_kind_is_told_what_there_is() -> None:
    with pytest.raises(
        SourceError,
        match=r"model\.tflite: cannot read \.tflite; what can be read is \.keras "
        r"\(pip install -e '.\[keras\]'\) and \.h5 .*and \.json",
    ):
        readers.read(Path("model.tflite"))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SourceError, match=r"nowhere/model\.keras: there is no such file"):
        readers.read(Path("nowhere/model.keras"))


def test_a_missing_framework_is_told_how_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "m.keras").touch()
    for name in [name for name in sys.modules if name.startswith("converter.readers.")]:
        monkeypatch.delitem(sys.modules, name)
        if name.count(".") == 2:
            monkeypatch.delattr(readers, name.rpartition(".")[2])
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(
        ToolError, match=r"\.keras needs tensorflow, which is not .* pip install -e '.\[keras"
    ):
        readers.read(tmp_path / "m.keras")


def test_a_new_reader_is_a_module_and_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = []

    def read(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> Source:
        asked.append((path.name, shapes))
        return source()

    module = ModuleType("converter.readers.abacus")
    module.__dict__["read"] = read
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, Reader("abacus", (".beads",))))
    (tmp_path / "m.beads").write_bytes(b"12345")

    assert readers.read(tmp_path / "m.beads", {"x": (1, 2)}).bytes == 5
    assert asked == [("m.beads", {"x": (1, 2)})]
    with pytest.raises(SourceError, match=r"\.pth \(pip install .*\) and \.beads$"):
        readers.read(Path("model.tflite"))
