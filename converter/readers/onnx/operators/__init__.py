"""Converters of ONNX operators, a module for each family; importing this registers them all."""

from importlib import import_module
from pkgutil import iter_modules

from converter.readers.onnx.registry import Key, find, listing

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["Key", "find", "listing"]
