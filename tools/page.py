"""Fills in `index.html` and the web app manifest."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from tools.errors import BuildError

PAGES = "<!-- pages -->"
PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s]*)\s*(\}\})?")


def with_pages(template: Path, pages: Path) -> str:
    """Return the template with all of `pages/*.html`, sorted by name, in their place.

    Raises:
        BuildError: the template has no such place, or more than one.
    """
    text = template.read_text(encoding="utf-8")
    if text.count(PAGES) != 1:
        raise BuildError(f"{template}: expected one line {PAGES}, found {text.count(PAGES)}.")
    parts = [path.read_text(encoding="utf-8").strip() for path in sorted(pages.glob("*.html"))]
    return text.replace(PAGES, "\n".join(parts))


def fill(text: str, values: Mapping[str, str], where: Path) -> str:
    """Replace each `{{name}}` of a text.

    Raises:
        BuildError: a placeholder has no value or no end.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in values or not match[2]:
            known = ", ".join(sorted(values))
            raise BuildError(f"{where}: {match[0]} is no placeholder; there are {known}.")
        return values[match[1]]

    return PLACEHOLDER.sub(value, text)


def script_json(data: object) -> str:
    """Return compact JSON that cannot end the script element it is written into."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
