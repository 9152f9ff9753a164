"""Golden vectors: recorded inputs and outputs of the source runtime."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from card import Case, Golden, Stored, Tensor, resampled, scaled
from converter.errors import BundleError
from converter.readers import Source

INVENTED = 3
"""Number of random cases where no examples are given."""

LARGEST = 2048
"""Most values that are stored of an output; a detector has half a million."""


@dataclass(frozen=True)
class Sample:
    """An array as it is stored, in one of `STORED_DTYPES`; its values are these times `scale`.

    It may be subsampled; see `card.resampled`.
    """

    stored: NDArray[Any]
    scale: float = 1.0


Example: TypeAlias = tuple[Sample, ...]
"""A sample for each input of a network, in their order."""


@dataclass(frozen=True)
class Vectors:
    """Golden vectors, ready to be stored.

    Attributes:
        golden: Offsets, shapes and types of the arrays in the file.
        data: Content of the file.
        inputs: Each case's inputs, in full.
        outputs: Each case's outputs, in full; the file has large ones subsampled.
    """

    golden: Golden
    data: bytes
    inputs: tuple[tuple[NDArray[Any], ...], ...]
    outputs: tuple[tuple[NDArray[Any], ...], ...]


def invent(inputs: Sequence[Tensor]) -> list[Example]:
    """Return random examples: 0..1 for float inputs, 0..255 for whole-numbered ones."""
    random = np.random.default_rng(0)

    def sample(tensor: Tensor) -> Sample:
        stored = random.integers(0, 256, tensor.shape, np.uint8)
        return Sample(stored, 1.0 if tensor.dtype == "int32" else 1 / 255)

    return [tuple(map(sample, inputs)) for _ in range(INVENTED)]


def record(source: Source, examples: Iterable[Example]) -> Vectors:
    """Run the original model on examples.

    Raises:
        BundleError: If an example does not fit the model's inputs.
    """
    tensors = source.graph.inputs
    data, cases, inputs, outputs = bytearray(), list[Case](), [], []
    for example in examples:
        _check(example, tensors)
        values = tuple(
            resampled(scaled(sample.stored, sample.scale, tensor.dtype), tensor.shape)
            for sample, tensor in zip(example, tensors, strict=True)
        )
        made = tuple(map(_storable, source.run(values)))
        given = tuple(_store(data, sample) for sample in example)
        cases.append(Case(given, tuple(_store(data, _subsampled(each)) for each in made)))
        inputs.append(values)
        outputs.append(made)
    path = f"golden-{hashlib.sha256(data).hexdigest()[:12]}.bin"
    return Vectors(Golden(path, tuple(cases)), bytes(data), tuple(inputs), tuple(outputs))


def _check(example: Example, tensors: Sequence[Tensor]) -> None:
    got = [sample.stored.shape for sample in example]
    expected = [tensor.shape for tensor in tensors]
    if len(got) != len(expected) or not all(map(_fits, got, expected)):
        raise BundleError(
            f"example: expected inputs of shapes {expected}, or with sides that divide these, "
            f"got {got}"
        )


def _fits(stored: Sequence[int], shape: Sequence[int]) -> bool:
    pairs = zip(stored, shape, strict=False)
    return len(stored) == len(shape) and all(few and many % few == 0 for few, many in pairs)


def _storable(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.int32 if array.dtype.kind in "iub" else np.float32)


def _subsampled(output: NDArray[Any]) -> Sample:
    """Return an output; a large one is subsampled at even strides."""
    sides = [*output.shape]
    while prod(sides) > LARGEST:
        longest = sides.index(max(sides))
        sides[longest] = -(-sides[longest] // 2)
    return Sample(resampled(output, tuple(sides)))


def _store(data: bytearray, sample: Sample) -> Stored:
    """Append an array to the file, aligned to four bytes."""
    data.extend(bytes(-len(data) % 4))
    offset, little = len(data), sample.stored.dtype.newbyteorder("<")
    data.extend(np.ascontiguousarray(sample.stored, little).tobytes())
    return Stored(offset, sample.stored.shape, sample.stored.dtype.name, float(sample.scale))
