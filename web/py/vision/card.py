"""The card of a bundle: what a model is, what it takes and gives, and which bytes it is made of.

`Card` mirrors ``card.json`` field by field; `Card.from_json` and `Card.to_json` are the only code
that knows the file.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass, replace
from typing import Any, Self, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
"""The only format of ``card.json`` so far."""

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
"""What a bundle may be called, since paths and addresses are made of it."""

DTYPES = ("float32", "int32")
"""What a model takes and gives."""

STORED_DTYPES = (*DTYPES, "int8", "uint8")
"""What an array of golden vectors may be stored as."""

_T = TypeVar("_T")
_Number = TypeVar("_Number", bound=np.number[Any])
_JSON_NAMES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


class CardError(ValueError):
    """A card that breaks the format; the message names the field."""


@dataclass(frozen=True)
class Tensor:
    """An input or output of the model."""

    name: str
    shape: tuple[int, ...]
    dtype: str

    def __post_init__(self) -> None:
        _require(self.dtype in DTYPES, "dtype", f"one of {', '.join(DTYPES)}", self.dtype)
        _require(all(side > 0 for side in self.shape), "shape", "sides above 0", self.shape)


@dataclass(frozen=True)
class Metric:
    """One figure on one data set, of the model in float32 and as it is shipped."""

    name: str
    dataset: str
    float32: float
    shipped: float


@dataclass(frozen=True)
class File:
    """A file that the browser fetches: its size, and the SHA-256 to check it against."""

    path: str
    bytes: int
    sha256: str

    def __post_init__(self) -> None:
        plain = re.fullmatch(r"[\w-][\w.-]*", self.path) is not None
        _require(plain, "path", "the plain name of a file beside the card", self.path)
        _require(self.bytes >= 0, "bytes", "a size", self.bytes)
        _require(_is_hex(self.sha256, 64), "sha256", "64 hex digits", self.sha256)


@dataclass(frozen=True)
class Parity:
    """How far TF.js may be, and was, from the source runtime: largest absolute differences."""

    source: str
    float32: float
    shipped: float
    tolerance: float


@dataclass(frozen=True)
class Stored:
    """An array within the file of golden vectors; its values are those stored times `scale`.

    It may have fewer values than the tensor that it belongs to, with as many axes; see `resampled`.
    """

    offset: int
    shape: tuple[int, ...]
    dtype: str
    scale: float

    def __post_init__(self) -> None:
        known = self.dtype in STORED_DTYPES
        _require(known, "dtype", f"one of {', '.join(STORED_DTYPES)}", self.dtype)
        aligned = self.offset >= 0 and self.offset % 4 == 0
        _require(aligned, "offset", "a multiple of 4", self.offset)

    def values(self, golden: bytes, dtype: str) -> NDArray[np.float32] | NDArray[np.int32]:
        """Return the array as it is stored, as the ``dtype`` of the tensor that it belongs to.

        Args:
            golden: The content of the file of golden vectors.
            dtype: ``float32`` or ``int32``.

        Raises:
            CardError: If the file is too short.
        """
        stored = np.dtype(self.dtype).newbyteorder("<")
        end = self.offset + math.prod(self.shape) * stored.itemsize
        _require(end <= len(golden), "golden", f"{end} bytes at least", len(golden))
        raw = np.frombuffer(golden[self.offset : end], stored).reshape(self.shape)
        return scaled(raw, self.scale, dtype)


def scaled(
    stored: NDArray[Any], scale: float, dtype: str
) -> NDArray[np.float32] | NDArray[np.int32]:
    """Return an array of golden vectors as the ``dtype`` of its tensor, ``float32`` or ``int32``.

    It is scaled in float64 and rounded once, which is what JavaScript does.
    """
    values = stored * np.float64(scale)
    return values.astype(np.int32) if dtype == "int32" else values.astype(np.float32)


def resampled(values: NDArray[_Number], shape: tuple[int, ...]) -> NDArray[_Number]:
    """Return an array with other sides, without any arithmetic on its values.

    An input's few values each fill a block of the tensor; an output's many are told by those that
    lie at even distances. JavaScript does the same.

    Args:
        values: With at least one value.
        shape: As many sides.
    """
    pairs = zip(values.shape, shape, strict=True)
    return values[np.ix_(*(np.arange(new) * old // new for old, new in pairs))]


@dataclass(frozen=True)
class Case:
    """One golden vector: inputs, and the source runtime's outputs, in the order of the card."""

    inputs: tuple[Stored, ...]
    outputs: tuple[Stored, ...]


@dataclass(frozen=True)
class Golden:
    """The file of golden vectors, and what lies in it where."""

    path: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """Everything that is known of a bundle.

    Attributes:
        format: Always `FORMAT`.
        name: What the bundle is called in paths: lower-case letters, digits and dashes.
        title: What people call it.
        task: Which module of `vision` prepares its input and reads its output.
        version: 12 hex digits, from everything else in the card; see `sealed`.
        license: SPDX identifier of the weights.
        source: One sentence: where weights and data come from.
        inputs: What the model takes.
        outputs: What the model gives.
        labels: Names of the classes, in order.
        preprocessing: Parameters of the task's `prepare`.
        metrics: Measured figures.
        files: Every file that the browser fetches beside the card.
        parity: How near TF.js comes to the source runtime.
        golden: Recorded inputs and outputs.
    """

    format: int = FORMAT
    name: str
    title: str
    task: str
    version: str = ""
    license: str
    source: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    labels: tuple[str, ...]
    preprocessing: Mapping[str, Any]
    metrics: tuple[Metric, ...]
    files: tuple[File, ...]
    parity: Parity
    golden: Golden

    def __post_init__(self) -> None:
        _require(self.format == FORMAT, "format", f"{FORMAT}, the only one there is", self.format)
        plain = NAME.fullmatch(self.name) is not None
        _require(plain, "name", "lower-case letters, digits and dashes", self.name)
        sealed = self.version == "" or _is_hex(self.version, 12)
        _require(sealed, "version", "12 hex digits", self.version)
        listed = {file.path for file in self.files}
        for path in (self.golden.path, "model.json"):
            _require(path in listed, "files", f"{path} among them", sorted(listed))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the content of a ``card.json``.

        Raises:
            CardError: If it is not JSON, or a field is missing, unknown or wrong.
        """
        try:
            raw = json.loads(text)
        except ValueError as error:
            raise CardError(f"card.json: is not JSON: {error}") from error
        try:
            card: Self = _decode(cls, raw, "")
        except CardError as error:
            raise CardError(f"card.json: {error}") from None
        return card

    def to_json(self) -> str:
        """Return the content of ``card.json``: 2 spaces of indent, and a newline at the end."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    def sealed(self) -> Self:
        """Return the card with its version, which is the hash of everything else in it."""
        rest = {key: value for key, value in asdict(self).items() if key != "version"}
        canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return replace(self, version=hashlib.sha256(canonical.encode()).hexdigest()[:12])


def _require(holds: bool, where: str, expected: str, got: object) -> None:
    if not holds:
        raise CardError(f"{where}: expected {expected}, got {got!r}")


def _is_hex(text: str, digits: int) -> bool:
    return len(text) == digits and not text.strip("0123456789abcdef")


def _expect(kind: type[_T], raw: object, where: str) -> _T:
    if not isinstance(raw, kind) or isinstance(raw, bool):
        raise CardError(f"{where}: expected {_JSON_NAMES[kind]}, got {raw!r}")
    return raw


# What a field's type is, is only known at run time, so both of these take and return `Any`.
def _decode(kind: Any, raw: object, where: str) -> Any:  # noqa: ANN401
    """Turn parsed JSON into a value of ``kind``: any type that a field above has."""
    if is_dataclass(kind):
        return _decode_fields(kind, raw, where)
    if get_origin(kind) is tuple:
        item, items = get_args(kind)[0], _expect(list, raw, where)
        return tuple(_decode(item, each, f"{where}[{i}]") for i, each in enumerate(items))
    if get_origin(kind) is Mapping:
        return _expect(dict, raw, where)
    if kind is not float:
        return _expect(kind, raw, where)
    number = float(raw) if type(raw) is int else _expect(float, raw, where)
    _require(math.isfinite(number), where, "a finite number", number)
    return number


def _decode_fields(kind: Any, raw: object, where: str) -> Any:  # noqa: ANN401
    values = _expect(dict, raw, where or "the card")
    kinds = _TYPES[kind]
    path = f"{where}." if where else ""
    for name in kinds.keys() - values.keys():
        raise CardError(f"{path}{name}: is missing")
    for name in values.keys() - kinds.keys():
        raise CardError(f"{path}{name}: is not a field of format {FORMAT}")
    decoded = {name: _decode(kinds[name], values[name], f"{path}{name}") for name in kinds}
    try:
        return kind(**decoded)
    except CardError as error:
        raise CardError(f"{path}{error}") from None


_TYPES = {each: get_type_hints(each) for each in list(globals().values()) if is_dataclass(each)}
"""Of the fields of the classes above: found out on import, which a page's snapshot has had."""
