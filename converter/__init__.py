"""Trained models to bundles that a browser can run.

The command line is `converter.cli`; the same from Python::

    from converter import About, check, convert, inspect

    about = About(name="my-model", title="My model", source="Trained by me.")
    made = convert(Path("my.keras"), Path("models/my-model"), about, "uint8")
    assert check(Path("models/my-model")).passed

What is exported here is the public API, with `converter.readers.MODULE` for models in memory
(``torch.from_module``, ``keras.from_model``, ``onnx.from_model``). The modules behind it:
``readers`` (file to `Graph`), ``emit`` (what readers build graphs with), ``passes`` (Graph to
Graph), ``analyses`` (what passes ask about a graph), `quantize` and `mixed_precision`, `bundle`,
`stages`. Frameworks are imported when a reader needs one.
"""

import sys

from converter.places import PAGE

if PAGE.is_dir() and str(PAGE) not in sys.path:
    sys.path.insert(0, str(PAGE))

from converter import bundle, readers, tfjs
from converter.bundle import Files
from converter.errors import ConverterError
from converter.golden import Example, Sample
from converter.graph import Graph
from converter.inspection import Inspection, inspect
from converter.measure import Cases, Form
from converter.mixed_precision import Goal, within
from converter.normalization import normalizing
from converter.parity import Report, check
from converter.pipeline import About, Conversion, convert, draft
from converter.readers import Source, read

__all__ = [
    "About",
    "Cases",
    "Conversion",
    "ConverterError",
    "Example",
    "Files",
    "Form",
    "Goal",
    "Graph",
    "Inspection",
    "Report",
    "Sample",
    "Source",
    "bundle",
    "check",
    "convert",
    "draft",
    "inspect",
    "normalizing",
    "read",
    "readers",
    "tfjs",
    "within",
]
