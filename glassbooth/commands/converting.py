"""Shared by the commands that use the converter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from converter import ConverterError  # first: it makes the page's Python importable

# isort: split
from card import CardError
from glassbooth.errors import BuildError


@contextmanager
def converter_errors() -> Iterator[None]:
    """Re-raise the converter's errors as `BuildError`, which the command line handles.

    Raises:
        BuildError: With the text of the converter's error.
    """
    try:
        yield
    except (ConverterError, CardError) as error:
        raise BuildError(str(error)) from error
