import sys
from pathlib import Path

import pytest

from converter import readers
from converter.errors import SourceError, ToolError


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
        monkeypatch.delattr(readers, name.rpartition(".")[2])
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(
        ToolError, match=r"\.keras needs tensorflow, which is not .* pip install -e '.\[keras"
    ):
        readers.read(tmp_path / "m.keras")
