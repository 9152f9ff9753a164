"""Decode parsed JSON into the dataclasses of `card`, and check every field."""

import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

FORMAT = 2
"""The only supported format of ``card.json``."""

_T = TypeVar("_T")
_JSON_NAMES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


class CardError(ValueError):
    """An invalid card; the message names the field."""


def require(holds: bool, where: str, expected: str, got: object) -> None:
    """Check a field.

    Raises:
        CardError: If the condition does not hold.
    """
    if not holds:
        raise CardError(f"{where}: expected {expected}, got {got!r}")


# Field types are known only at run time, so both functions take and return `Any`.
def decode(kind: Any, raw: object, where: str = "") -> Any:  # noqa: ANN401
    """Decode parsed JSON into a value.

    Args:
        kind: Type of the value: a dataclass, or the type of one of its fields.
        raw: Parsed JSON.
        where: Path of the field for messages; empty for the whole card.

    Raises:
        CardError: If a field is missing, unknown or of another type.
    """
    if get_origin(kind) is UnionType:
        return None if raw is None else decode(get_args(kind)[0], raw, where)
    if is_dataclass(kind):
        return _decode_fields(kind, raw, where)
    if get_origin(kind) is tuple:
        item, items = get_args(kind)[0], _expect(list, raw, where)
        return tuple(decode(item, each, f"{where}[{i}]") for i, each in enumerate(items))
    if get_origin(kind) is Mapping:
        return _expect(dict, raw, where)
    if kind is not float:
        return _expect(kind, raw, where)
    number = float(raw) if type(raw) is int else _expect(float, raw, where)
    require(math.isfinite(number), where, "a finite number", number)
    return number


def _decode_fields(kind: Any, raw: object, where: str) -> Any:  # noqa: ANN401
    values = _expect(dict, raw, where or "the card")
    kinds = field_types(kind)
    path = f"{where}." if where else ""
    for name in kinds.keys() - values.keys():
        raise CardError(f"{path}{name}: is missing")
    for name in values.keys() - kinds.keys():
        raise CardError(f"{path}{name}: is not a field of format {FORMAT}")
    decoded = {name: decode(kinds[name], values[name], f"{path}{name}") for name in kinds}
    try:
        return kind(**decoded)
    except CardError as error:
        raise CardError(f"{path}{error}") from None


@cache
def field_types(kind: type) -> Mapping[str, Any]:
    """Return the types of a dataclass's fields by name."""
    return get_type_hints(kind)


def _expect(kind: type[_T], raw: object, where: str) -> _T:
    if not isinstance(raw, kind) or isinstance(raw, bool):
        raise CardError(f"{where}: expected {_JSON_NAMES[kind]}, got {raw!r}")
    return raw
