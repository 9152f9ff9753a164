"""Composes ``index.html`` and the web app manifest from templates and a booth's exhibits."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from glassbooth.booth import Booth
from glassbooth.errors import BuildError
from glassbooth.exhibits import Exhibit, Layers

PLACEHOLDER = re.compile(r"\{\{\s*([^{}\s]*)\s*(\}\})?")
DESCRIPTION = "Neural networks that run in your browser, offline. Nothing is sent anywhere."
"""Default description of a booth."""
BLANK = '<svg class="art" viewBox="0 0 160 100" aria-hidden="true"></svg>'


def compose(template: Path, booth: Booth, exhibits: Sequence[Exhibit], layers: Layers) -> str:
    """Return the page with navigation and all sections; folder placeholders remain.

    Raises:
        BuildError: A template lacks a mark, or has an unknown placeholder.
    """
    text = _read(template)
    pages = [*(section(each, layers) for each in exhibits)]
    pages.append(fill(_read(template.parent / "pages/kiosk.html"), _words(booth), template))
    pages.append(_gallery(template.parent / "pages/gallery.html", booth, exhibits))
    for place, content in (("nav", _navigation(exhibits)), ("pages", "\n".join(pages))):
        mark = f"<!-- {place} -->"
        if text.count(mark) != 1:
            raise BuildError(f"{template}: expected one {mark}, found {text.count(mark)}.")
        text = text.replace(mark, content.strip())
    return text


def words(booth: Booth) -> dict[str, str]:
    """Return the values of a booth's text placeholders, escaped for HTML."""
    return {**_words(booth), "language": escape(booth.languages[0])}


def manifest_words(booth: Booth) -> dict[str, str]:
    """Return the values of a booth's text placeholders, escaped for a JSON string."""
    plain = {"title": booth.title, "description": description(booth)}
    return {name: json.dumps(text, ensure_ascii=False)[1:-1] for name, text in plain.items()}


def description(booth: Booth) -> str:
    """Return a booth's description for search engines and the web app manifest."""
    return " ".join(booth.paragraphs[-1].split()) if booth.paragraphs else DESCRIPTION


def escape(text: str) -> str:
    """Escape text for HTML, and braces so that they form no placeholders."""
    return html.escape(text).replace("{", "&#123;")


def _words(booth: Booth) -> dict[str, str]:
    return {"title": escape(booth.title), "description": escape(description(booth))}


def section(exhibit: Exhibit, layers: Layers) -> str:
    """Return the section of an exhibit; a generated page is inside a ``<template>``."""
    values = {
        "name": exhibit.name,
        "title": escape(exhibit.title),
        "text": escape(exhibit.text),
        "label": escape(exhibit.label),
    }
    text = fill(_read(exhibit.html), values, exhibit.html)
    if not exhibit.parts:
        return text.strip()
    for place, part in zip(("source", "view"), exhibit.parts, strict=True):
        elements = layers.find(f"{part}.html")
        text = text.replace(f"<!-- {place} -->", _read(elements).strip() if elements else "")
    return (
        f'<section class="page model" id="/{exhibit.name}" '
        f'aria-labelledby="{exhibit.name}-title"><template>\n{text.strip()}\n</template></section>'
    )


def _navigation(exhibits: Sequence[Exhibit]) -> str:
    links = (
        f'<a href="#/{each.name}">{escape(each.name.replace("-", " ").capitalize())}</a>'
        for each in exhibits
    )
    return "\n    ".join(links)


def _gallery(template: Path, booth: Booth, exhibits: Sequence[Exhibit]) -> str:
    heading, *paragraphs = (
        booth.paragraphs if len(booth.paragraphs) > 1 else (booth.title, *booth.paragraphs)
    )
    lines = escape(heading).splitlines()
    values = {
        "heading": "<br>".join(lines),
        "paragraphs": "\n    ".join(f"<p>{escape(each)}</p>" for each in paragraphs),
        "exhibits": "\n    ".join(map(_item, exhibits)),
        "more": _more(booth),
    }
    return fill(_read(template), values, template)


def _item(exhibit: Exhibit) -> str:
    art = _read(exhibit.art).strip() if exhibit.art else BLANK
    return (
        f'<li><a class="exhibit" href="#/{exhibit.name}">\n{art}\n'
        f'<span class="number">{escape(exhibit.label)}</span>\n'
        f"<strong>{escape(exhibit.title)}</strong>\n"
        f"<span>{escape(exhibit.text)}</span></a></li>"
    )


def _more(booth: Booth) -> str:
    if not booth.example:
        return ""
    return (
        '<p class="more">Writing a front end of your own? It gets the same answers with\n'
        f'     <a href="{{{{example}}}}{booth.example.name}" target="_blank">one fetch, and no '
        "server</a>.</p>"
    )


def fill(text: str, values: Mapping[str, str], where: Path) -> str:
    """Replace each `{{name}}` in a text; errors name the file `where`.

    Raises:
        BuildError: A placeholder has no value, or no closing braces.
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


def _read(path: Path) -> str:
    if not path.is_file():
        raise BuildError(f"{path} is missing: restore it and build again.")
    return path.read_text(encoding="utf-8")
