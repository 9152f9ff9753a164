"""Converter functions by ONNX operator and version.

Versions are those of the operator's schema (``since_version``), not of the operator set. A version
that is not listed is refused: its semantics may differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from converter.emit.builder import Builder
from converter.emit.values import Value
from converter.readers.onnx.op import Op

Converter: TypeAlias = Callable[[Op, Builder], Value | Sequence[Value]]
"""Emits TF.js operations for a node, and returns a value for each of its outputs."""


@dataclass(frozen=True, order=True)
class Key:
    """One version of one operator; the domain of ONNX's own operators is empty."""

    domain: str
    op: str
    version: int


_CONVERTERS: dict[Key, Converter] = {}


def converts(
    op: str, since: int | tuple[int, ...], domain: str = ""
) -> Callable[[Converter], Converter]:
    """Register a function as the converter of an operator.

    Args:
        op: The operator.
        since: The version or versions of its schema that the function converts.
        domain: The operator's domain; empty for ONNX's own.

    Raises:
        ValueError: If one of the versions has a converter already, or none is given.
    """
    versions = (since,) if isinstance(since, int) else since
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
    """Return the converter of an operator in a version of its schema, if there is one."""
    return _CONVERTERS.get(Key(domain, op, version))


def listing() -> tuple[tuple[Key, str], ...]:
    """Return every operator and version that has a converter, with the converter's module."""
    return tuple((key, _CONVERTERS[key].__module__) for key in sorted(_CONVERTERS))
