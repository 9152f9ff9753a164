"""Where files beside the converter lie: in a checkout, or in the ``glassbooth`` of a wheel."""

from pathlib import Path

_PARENT = Path(__file__).resolve().parents[1]
_DATA = _PARENT / "glassbooth" / "data"

INSTALLED = _DATA.is_dir()
"""Whether this is a wheel's converter."""
ROOT = _DATA if INSTALLED else _PARENT
"""Folder of ``package.json``; what lies in it has the same path in both."""
PAGE = ROOT / "web" / "py"
"""Modules that run in the browser too: the card and the kinds."""
PARITY = ROOT / "converter" / "parity.mjs"
"""Script that runs networks in Node; a wheel holds it with TF.js in it."""
