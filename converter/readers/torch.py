"""PyTorch: modules in memory and exported programs (``.pt2``), by way of ONNX.

Nothing is unpickled that could run code: a ``.pt2`` is refused unless ``torch.export.load`` reads
it, and of ``.pt`` and ``.pth`` nothing is read at all.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx
import torch

from converter.errors import SourceError
from converter.readers import Source
from converter.readers import onnx as onnx_reader


def read(path: Path) -> Source:
    """Read an exported program.

    Raises:
        SourceError: If it is a state dict, or no exported program.
        UnsupportedError: If TF.js cannot compute some of its nodes.
    """
    if path.suffix != ".pt2":
        raise SourceError(
            f"{path}: holds weights at most, not the network that they belong to. Build the model "
            "in Python, load the weights into it, and save "
            "torch.export.save(torch.export.export(model.eval(), example_inputs), 'model.pt2')"
        )
    if not zipfile.is_zipfile(path):
        raise SourceError(f"{path}: is not an exported program, or is cut off; export it again")
    try:
        program = torch.export.load(path)
    except Exception as error:  # torch raises whatever its parts do
        raise SourceError(f"{path}: torch cannot read it: {_first(error)}") from error
    return _exported(program, (), str(path))


def from_module(module: torch.nn.Module, example_inputs: Sequence[torch.Tensor]) -> Source:
    """Return a module that is in memory, in evaluation mode.

    Args:
        module: What to convert; it is left in evaluation mode.
        example_inputs: A tensor for each input, of the shapes that the bundle is to take.

    Raises:
        SourceError: If torch cannot export it.
        UnsupportedError: If TF.js cannot compute some of its nodes.
    """
    return _exported(module.eval(), tuple(example_inputs), type(module).__name__)


def _exported(model: Any, inputs: tuple[torch.Tensor, ...], name: str) -> Source:  # noqa: ANN401
    written = io.BytesIO()
    try:
        program: Any = torch.onnx.export(model, inputs, dynamo=True, verbose=False)
        onnx.save(program.model_proto, written)
    except Exception as error:  # torch raises whatever its parts do
        raise SourceError(f"{name}: torch cannot export it: {_first(error)}") from error
    proto = onnx.ModelProto.FromString(written.getvalue())
    source = onnx_reader.from_model(proto, name)
    return replace(source, runtime=f"torch {torch.__version__}, by {source.runtime}")


def _first(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
