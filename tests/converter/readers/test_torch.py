import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from converter import readers
from converter.errors import SourceError


def test_an_exported_program_is_read(tmp_path: Path) -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(3, 2), nn.ReLU()).eval()
    given = torch.rand(1, 3)
    torch.export.save(torch.export.export(module, (given,)), tmp_path / "m.pt2")
    source = readers.read(tmp_path / "m.pt2")
    assert source.runtime.startswith(f"torch {torch.__version__}, by onnxruntime")
    made = source.run([given.numpy()])[0]
    np.testing.assert_allclose(made, module(given).detach().numpy(), atol=1e-6)


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_a_program_that_would_run_code_is_refused_before_it_does(tmp_path: Path) -> None:
    module, given = nn.Linear(3, 2).eval(), torch.rand(1, 3)
    good, bad, trace = tmp_path / "good.pt2", tmp_path / "bad.pt2", tmp_path / "trace"
    torch.export.save(torch.export.export(module, (given,)), good)
    trap = io.BytesIO()
    torch.save(Trap(trace), trap)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        inputs = [name for name in old.namelist() if "sample_inputs" in name]
        assert inputs
        for name in old.namelist():
            new.writestr(name, trap.getvalue() if name in inputs else old.read(name))
    with pytest.raises(SourceError, match=r"bad\.pt2: torch cannot read it"):
        readers.read(bad)
    assert not trace.exists()


@pytest.mark.parametrize("suffix", [".pt", ".pth"])
def test_a_state_dict_is_told_what_is_missing(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"m{suffix}"
    torch.save(nn.Linear(2, 2).state_dict(), path)
    with pytest.raises(SourceError, match=r"not the network that they belong to.*torch\.export"):
        readers.read(path)


@pytest.mark.parametrize("data", [b"", b"no zip at all", b"PK\x03\x04 cut off"])
def test_other_content_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.pt2").write_bytes(data)
    with pytest.raises(SourceError, match="is not an exported program, or is cut off"):
        readers.read(tmp_path / "m.pt2")
