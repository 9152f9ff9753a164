"""PyTorch: modules in memory and exported programs (``.pt2``), by way of ONNX.

Nothing is unpickled that could run code: ``.pt`` and ``.pth`` are not read at all, and
``torch.export.load`` reads a ``.pt2`` with its unsafe parts disabled; see `_tensors_only`.
"""

import io
import pickle
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import onnx
import sympy
import torch

from converter.errors import SourceError, first_line
from converter.readers import Source
from converter.readers import onnx as onnx_reader


def read(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:
    """Read an exported program.

    Args:
        path: Its file.
        shapes: None, or empty: the program's shapes are fixed.

    Raises:
        SourceError: If it is a state dict, no exported program, or shapes are given.
        UnsupportedError: If TF.js cannot compute some of its nodes.
    """
    if shapes:
        raise SourceError(f"{path}: {path.suffix} has its shapes inside; leave --shape out")
    if path.suffix != ".pt2":
        raise SourceError(
            f"{path}: holds weights at most, not the network that they belong to. Build the model "
            "in Python, load the weights into it, and save "
            "torch.export.save(torch.export.export(model.eval(), example_inputs), 'model.pt2')"
        )
    if not zipfile.is_zipfile(path):
        raise SourceError(f"{path}: is not an exported program, or is cut off; export it again")
    try:
        with _tensors_only():
            program = torch.export.load(path)
    except Exception as error:  # torch raises whatever its parts do
        raise SourceError(f"{path}: torch cannot read it: {first_line(error)}") from error
    return _exported(program, (), str(path))


@contextmanager
def _tensors_only() -> Iterator[None]:
    """Restrict torch to loading tensors inside this context.

    ``torch.export.load`` unpickles example inputs, weights and constants with
    ``weights_only=False``, and evaluates text as formulas for open dimensions. A file that needs
    any of that is refused.
    """
    load: Callable[..., Any] = torch.load

    def load_tensors(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        return load(*arguments, **{**options, "weights_only": True})

    def refuse(*_: Any, **__: Any) -> Any:  # noqa: ANN401
        raise SourceError("it holds objects or open sizes; export it with tensors of fixed sizes")

    with ExitStack() as stack:
        stack.enter_context(patch.object(torch, "load", load_tensors))
        for owner, name in ((pickle, "loads"), (torch._C, "_pickle_load_obj"), (sympy, "sympify")):
            stack.enter_context(patch.object(owner, name, refuse))
        yield


def from_module(module: torch.nn.Module, example_inputs: Sequence[torch.Tensor]) -> Source:
    """Return the source for a module that is in memory.

    Args:
        module: The module; it is put into evaluation mode.
        example_inputs: A tensor for each input, of the shapes that the bundle will take.

    Raises:
        SourceError: If torch cannot export it.
        UnsupportedError: If TF.js cannot compute some of its nodes.
    """
    return _exported(module.eval(), tuple(example_inputs), type(module).__name__)


def _exported(model: Any, inputs: tuple[torch.Tensor, ...], name: str) -> Source:  # noqa: ANN401
    file = io.BytesIO()
    try:
        program: Any = torch.onnx.export(model, inputs, dynamo=True, verbose=False)
        onnx.save(program.model_proto, file)
    except Exception as error:  # torch raises whatever its parts do
        raise SourceError(f"{name}: torch cannot export it: {first_line(error)}") from error
    proto = onnx.ModelProto.FromString(file.getvalue())
    source = onnx_reader.from_model(proto, name)
    return replace(source, runtime=f"torch {torch.__version__}, by {source.runtime}")
