"""Example inputs of a network, from memory or from numpy files."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from card import Tensor, scaled
from converter.errors import SourceError
from converter.golden import Example, Sample

KINDS = (".npy", ".npz")

SHIPPED_BYTES = 512 * 1024
"""Maximum size of the golden inputs, which every visitor downloads: three 224x224 photographs."""

Examples: TypeAlias = Path | Sequence[Sequence[Sample | NDArray[Any]]]
"""For each example an array or sample for each input; or the path of a file, see `load`."""


def gathered(examples: Examples, inputs: Sequence[Tensor]) -> list[Example]:
    """Return examples as samples, loaded from files if a path is given.

    Raises:
        SourceError: If the files hold no examples, or these do not fit the inputs.
    """
    if isinstance(examples, Path):
        return load(examples, inputs)
    return [
        tuple(
            each if isinstance(each, Sample) else sample(each, tensor.dtype)
            for each, tensor in zip(example, inputs, strict=False)
        )
        for example in examples
    ]


def shipped(examples: Sequence[Example]) -> int:
    """Return the number of first examples that fit into `SHIPPED_BYTES`, at least one."""
    total = 0
    for count, example in enumerate(examples):
        total += sum(each.stored.nbytes for each in example)
        if count and total > SHIPPED_BYTES:
            return count
    return len(examples)


def load(path: Path, inputs: Sequence[Tensor]) -> list[Example]:
    """Return the examples in a file, or in all files of a folder.

    Args:
        path: An ``.npy`` file with an array for the only input, an ``.npz`` file with an array for
            each input by name, or a folder of such files. Arrays hold one example, or several
            along the first axis, in the network's layout.
        inputs: The network's inputs.

    Raises:
        SourceError: If there are no examples, or they do not fit the inputs.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    chosen = [each for each in files if each.suffix in KINDS]
    if not chosen:
        raise SourceError(
            f"{path}: holds no examples; expected .npy or .npz with inputs as the network takes "
            "them, such as numpy.save makes of what your preprocessing returns"
        )
    return [example for each in chosen for example in _read(each, inputs)]


def _read(path: Path, inputs: Sequence[Tensor]) -> list[Example]:
    try:
        content: Any = np.load(path, allow_pickle=False)
        arrays = {"": content} if isinstance(content, np.ndarray) else dict(content)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise SourceError(f"{path}: is no file of numpy arrays: {error}") from error
    if "" in arrays and len(inputs) == 1:
        arrays = {inputs[0].name: arrays[""]}
    columns = [_column(path, arrays, tensor) for tensor in inputs]
    if len({len(each) for each in columns}) > 1:
        counts = ", ".join(f"{len(c)} of {t.name}" for c, t in zip(columns, inputs, strict=True))
        raise SourceError(f"{path}: expected equally many of each input, got {counts}")
    return [tuple(row) for row in zip(*columns, strict=True)]


def _column(path: Path, arrays: Mapping[str, NDArray[Any]], tensor: Tensor) -> list[Sample]:
    """Return the samples of an input."""
    array = arrays.get(tensor.name)
    if array is None:
        raise SourceError(
            f"{path}: has no array {tensor.name!r}, got {', '.join(map(repr, arrays))}; "
            "save one for each input with numpy.savez"
        )
    one = tensor.shape[1:] if tensor.shape[:1] == (1,) else tensor.shape
    if array.dtype.kind not in "biuf" or (array.shape != one and array.shape[1:] != one):
        raise SourceError(
            f"{path}: {tensor.name} takes {list(tensor.shape)}, or many of {list(one)}; got "
            f"{array.dtype} {list(array.shape)}. Images are NHWC here"
        )
    rows = array[None] if array.shape == one else array
    return [sample(row.reshape(tensor.shape), tensor.dtype) for row in rows]


def sample(array: NDArray[Any], dtype: str) -> Sample:
    """Return an array as a sample for a tensor of ``dtype``; as uint8 where that is exact."""
    wanted = array.astype(dtype)
    for scale in (1.0, 1 / 255):
        stored = np.rint(wanted / scale).clip(0, 255).astype(np.uint8)
        if np.allclose(scaled(stored, scale, dtype), wanted, rtol=np.finfo("f4").eps, atol=0):
            return Sample(stored, scale)
    return Sample(wanted)
