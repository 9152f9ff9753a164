"""Weights to static assets: reads a trained model, writes a bundle that a browser can run.

The command line is `converter.cli`; the same from Python::

    from converter import About, check, convert, inspect

    about = About(name="my-model", title="My model", source="Trained by me.")
    made = convert(Path("my.keras"), Path("models/my-model"), about, "uint8")
    assert check(Path("models/my-model")).passed

The stages are ``readers`` (file to `graph.Graph`), ``passes`` (Graph to Graph), `quantize`,
`bundle`, `stages`. Frameworks are imported when a reader needs one.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("vision") is None:  # run from a checkout: `vision` is where the browser finds it, too
    sys.path.append(str(Path(__file__).parents[1] / "web" / "py"))

from converter.errors import ConverterError
from converter.inspection import Inspection, inspect
from converter.parity import Report, check
from converter.pipeline import About, Conversion, convert

__all__ = [
    "About",
    "Conversion",
    "ConverterError",
    "Inspection",
    "Report",
    "check",
    "convert",
    "inspect",
]
