"""Weights to static assets: reads a trained model, writes a bundle that a browser can run.

The command line is `converter.cli`; the same from Python is `converter.pipeline.convert` and
`converter.parity.check`. The stages are ``readers`` (file to `graph.Graph`), ``passes`` (Graph to
Graph), `quantize`, `bundle`, `parity`.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("vision") is None:  # run from a checkout: `vision` is where the browser finds it, too
    sys.path.append(str(Path(__file__).parents[1] / "web" / "py"))
