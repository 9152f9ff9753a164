"""The card of a bundle: the model's inputs and outputs, files, metrics and golden vectors.

`Card` mirrors ``card.json`` field by field; `Card.from_json` and `Card.to_json` are the only code
that knows the file format.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from card_json import FORMAT, CardError, decode, field_types, require

__all__ = [
    "DTYPES",
    "FORMAT",
    "NAME",
    "STORED_DTYPES",
    "Card",
    "CardError",
    "Case",
    "File",
    "Golden",
    "Kind",
    "Metric",
    "Parity",
    "Stored",
    "Tensor",
    "resampled",
    "scaled",
]

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
"""Pattern of a bundle's name, which is part of paths and URLs."""

DTYPES = ("float32", "int32")
"""Dtypes of inputs and outputs."""

STORED_DTYPES = (*DTYPES, "int8", "uint8")
"""Dtypes of stored golden vectors."""

_Number = TypeVar("_Number", bound=np.number[Any])


@dataclass(frozen=True)
class Tensor:
    """An input or output of the model."""

    name: str
    shape: tuple[int, ...]
    dtype: str

    def __post_init__(self) -> None:
        require(self.dtype in DTYPES, "dtype", f"one of {', '.join(DTYPES)}", self.dtype)
        require(all(side > 0 for side in self.shape), "shape", "sides above 0", self.shape)


@dataclass(frozen=True)
class Kind:
    """An input kind or an output kind, with its options; see `kinds`.

    Attributes:
        kind: Name of a module in ``inputs`` or ``outputs``.
        options: Values by option name; omitted options of the module's ``OPTIONS`` have defaults.
    """

    kind: str
    options: Mapping[str, Any]

    def __post_init__(self) -> None:
        plain = NAME.fullmatch(self.kind.replace("_", "-")) is not None
        require(plain, "kind", "the name of a module", self.kind)


@dataclass(frozen=True)
class Metric:
    """A metric on a data set, for the float32 model and the shipped one."""

    name: str
    dataset: str
    float32: float
    shipped: float


@dataclass(frozen=True)
class File:
    """A file of the bundle: its size and its SHA-256."""

    path: str
    bytes: int
    sha256: str

    def __post_init__(self) -> None:
        plain = re.fullmatch(r"[\w-][\w.-]*", self.path) is not None
        require(plain, "path", "the plain name of a file beside the card", self.path)
        require(self.bytes >= 0, "bytes", "a size", self.bytes)
        require(_is_hex(self.sha256, 64), "sha256", "64 hex digits", self.sha256)


@dataclass(frozen=True)
class Parity:
    """Largest absolute difference between TF.js and the source runtime, measured and allowed."""

    source: str
    float32: float
    shipped: float
    tolerance: float


@dataclass(frozen=True)
class Stored:
    """An array in the file of golden vectors; values are the stored ones times `scale`.

    Large tensors are stored subsampled, with the same number of axes; see `resampled`.
    """

    offset: int
    shape: tuple[int, ...]
    dtype: str
    scale: float

    def __post_init__(self) -> None:
        known = self.dtype in STORED_DTYPES
        require(known, "dtype", f"one of {', '.join(STORED_DTYPES)}", self.dtype)
        aligned = self.offset >= 0 and self.offset % 4 == 0
        require(aligned, "offset", "a multiple of 4", self.offset)

    def values(self, golden: bytes, dtype: str) -> NDArray[np.float32] | NDArray[np.int32]:
        """Return the stored array in the ``dtype`` of its tensor.

        Args:
            golden: The content of the file of golden vectors.
            dtype: ``float32`` or ``int32``.

        Raises:
            CardError: If the file is too short.
        """
        stored = np.dtype(self.dtype).newbyteorder("<")
        end = self.offset + math.prod(self.shape) * stored.itemsize
        require(end <= len(golden), "golden", f"{end} bytes at least", len(golden))
        raw = np.frombuffer(golden[self.offset : end], stored).reshape(self.shape)
        return scaled(raw, self.scale, dtype)


def scaled(
    stored: NDArray[Any], scale: float, dtype: str
) -> NDArray[np.float32] | NDArray[np.int32]:
    """Return scaled golden values in the ``dtype`` of the tensor, ``float32`` or ``int32``.

    Values are scaled in float64 and rounded once, as in JavaScript.
    """
    values = stored * np.float64(scale)
    return values.astype(np.int32) if dtype == "int32" else values.astype(np.float32)


def resampled(values: NDArray[_Number], shape: tuple[int, ...]) -> NDArray[_Number]:
    """Resample an array by nearest neighbour; `web/js/bundle.js` does the same.

    A subsampled input is enlarged, each value filling a block of the tensor; an output is
    subsampled at even strides.

    Args:
        values: At least one value.
        shape: New shape, with as many axes as ``values``.
    """
    pairs = zip(values.shape, shape, strict=True)
    return values[np.ix_(*(np.arange(new) * old // new for old, new in pairs))]


@dataclass(frozen=True)
class Case:
    """One golden vector: inputs and the source runtime's outputs, in the order of the card."""

    inputs: tuple[Stored, ...]
    outputs: tuple[Stored, ...]


@dataclass(frozen=True)
class Golden:
    """The file of golden vectors, and its cases."""

    path: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """Description of a bundle.

    Attributes:
        format: Always `FORMAT`.
        name: Name in paths: lower-case letters, digits and dashes.
        title: Name for people.
        version: 12 hex digits of the hash of all other fields; see `sealed`.
        license: SPDX identifier of the weights.
        source: One sentence: origin of weights and data.
        input: Input kind; `None` for a bundle without a page or API.
        output: Output kind; `None` likewise.
        inputs: Input tensors of the model.
        outputs: Output tensors of the model.
        labels: Names of classes or points, in order.
        metrics: Measured metrics.
        files: All files of the bundle except the card.
        parity: Difference between TF.js and the source runtime.
        golden: Recorded inputs and outputs.
    """

    format: int = FORMAT
    name: str
    title: str
    version: str = ""
    license: str
    source: str
    input: Kind | None
    output: Kind | None
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    labels: tuple[str, ...]
    metrics: tuple[Metric, ...]
    files: tuple[File, ...]
    parity: Parity
    golden: Golden

    def __post_init__(self) -> None:
        require(self.format == FORMAT, "format", f"{FORMAT}, the only one there is", self.format)
        plain = NAME.fullmatch(self.name) is not None
        require(plain, "name", "lower-case letters, digits and dashes", self.name)
        sealed = self.version == "" or _is_hex(self.version, 12)
        require(sealed, "version", "12 hex digits", self.version)
        listed = {file.path for file in self.files}
        for path in (self.golden.path, "model.json"):
            require(path in listed, "files", f"{path} among them", sorted(listed))

    @property
    def input_options(self) -> Mapping[str, Any]:
        """Options of the input kind; empty if there is none."""
        return self.input.options if self.input else {}

    @property
    def output_options(self) -> Mapping[str, Any]:
        """Options of the output kind; empty if there is none."""
        return self.output.options if self.output else {}

    def with_input_options(self, **changes: object) -> Self:
        """Return a copy with the given options of the input kind.

        Raises:
            CardError: If the card has no input kind.
        """
        if self.input is None:
            raise CardError("input: expected a kind, got none")
        kind = replace(self.input, options={**self.input.options, **changes})
        return replace(self, input=kind)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Parse the content of a ``card.json``.

        Raises:
            CardError: If it is not JSON, or a field is missing, unknown or invalid.
        """
        try:
            raw = json.loads(text)
        except ValueError as error:
            raise CardError(f"card.json: is not JSON: {error}") from error
        try:
            card: Self = decode(cls, raw)
        except CardError as error:
            raise CardError(f"card.json: {error}") from None
        return card

    def to_json(self) -> str:
        """Return the content of ``card.json``, indented by 2 spaces, with a final newline."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    def sealed(self) -> Self:
        """Return the card with its version: the hash of all other fields."""
        rest = {key: value for key, value in asdict(self).items() if key != "version"}
        canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return replace(self, version=hashlib.sha256(canonical.encode()).hexdigest()[:12])


def _is_hex(text: str, digits: int) -> bool:
    return len(text) == digits and not text.strip("0123456789abcdef")


for _kind in list(globals().values()):
    if isinstance(_kind, type) and is_dataclass(_kind):
        field_types(_kind)  # resolved on import, so the snapshot includes it
