"""Which function converts which ONNX operator, in which of its versions.

Versions are those of the operator's schema (`since_version`), not of the whole operator set: a
version that nobody has looked at is refused, never converted as if nothing had changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from converter.ops.builder import Builder
from converter.ops.values import Op, Value

Converter: TypeAlias = Callable[[Op, Builder], Value | Sequence[Value]]
"""Emits TF.js's operations for a node, and returns what they make: a value for each output."""


@dataclass(frozen=True, order=True)
class Key:
    """One version of one operator; ONNX's own domain is the empty one."""

    domain: str
    op: str
    version: int


_CONVERTERS: dict[Key, Converter] = {}


def converts(op: str, *versions: int, domain: str = "") -> Callable[[Converter], Converter]:
    """Register a function as the converter of an operator, in the versions given.

    Raises:
        ValueError: If one of them has a converter already, or none is given.
    """
    if not versions:
        raise ValueError(f"{op}: name the versions that this converts")

    def register(converter: Converter) -> Converter:
        for version in versions:
            key = Key(domain, op, version)
            if key in _CONVERTERS:
                raise ValueError(f"{key}: is converted twice")
            _CONVERTERS[key] = converter
        return converter

    return register


def find(domain: str, op: str, version: int) -> Converter | None:
    """Return the converter of an operator in the version of its schema, if there is one."""
    return _CONVERTERS.get(Key(domain, op, version))


def listing() -> tuple[tuple[Key, str], ...]:
    """Return every operator and version that has a converter, and the family that it is in."""
    return tuple((key, _CONVERTERS[key].__module__) for key in sorted(_CONVERTERS))
