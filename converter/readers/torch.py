"""PyTorch: modules in memory and exported programs (``.pt2``), by way of ONNX.

Nothing is unpickled that could run code: of ``.pt`` and ``.pth`` nothing is read at all, and while
``torch.export.load`` reads a ``.pt2``, what it would trust the file with is out of its reach; see
`_distrustful`.
"""

import io
import pickle
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import onnx
import sympy
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
        with _distrustful():
            program = torch.export.load(path)
    except Exception as error:  # torch raises whatever its parts do
        raise SourceError(f"{path}: torch cannot read it: {_first(error)}") from error
    return _exported(program, (), str(path))


@contextmanager
def _distrustful() -> Iterator[None]:
    """Let torch load tensors alone, for as long as this lasts.

    ``torch.export.load`` unpickles example inputs, weights and constants with
    ``weights_only=False``, and evaluates text as formulas for sizes that are open. A file that
    needs any of that is refused.
    """
    load: Callable[..., Any] = torch.load

    def tensors_alone(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        return load(*arguments, **{**options, "weights_only": True})

    def refuse(*_: Any, **__: Any) -> Any:  # noqa: ANN401
        raise SourceError("it holds objects or open sizes; export it with tensors of fixed sizes")

    with ExitStack() as stack:
        stack.enter_context(patch.object(torch, "load", tensors_alone))
        for owner, name in ((pickle, "loads"), (torch._C, "_pickle_load_obj"), (sympy, "sympify")):
            stack.enter_context(patch.object(owner, name, refuse))
        yield


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
