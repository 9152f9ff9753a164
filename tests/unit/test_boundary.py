"""Python and JavaScript declare the same names at their boundary."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

WEB = Path(__file__).parents[2] / "web"
BOUNDARY = WEB / "py/host/boundary.py"

Members = dict[str, list[str] | None]
"""Members of an interface, with parameters if they are functions."""


def in_javascript(text: str) -> dict[str, Members]:
    """Return the interfaces declared in JSDoc with ``@typedef {object}`` and ``@property``."""
    text = re.sub(r"\n \*", "\n", text)
    found: dict[str, Members] = {}
    for part in re.split(r"@typedef \{", text)[1:]:
        kind, name = re.match(r"([^}]*)\}\s*(\w+)?", part).groups()  # type: ignore[union-attr]
        if kind == "object":
            found[name] = dict(map(property_of, part.split("@property ")[1:]))
    return found


def property_of(text: str) -> tuple[str, list[str] | None]:
    """Parse ``{type} name``; types may contain braces."""
    depth = list(accumulate({"{": 1, "}": -1}.get(letter, 0) for letter in text))
    end = depth.index(0)
    name = re.match(r"\s*\[?(\w+)", text[end + 1 :])
    assert name
    return name[1], parameters_of(text[1:end])


def parameters_of(kind: str) -> list[str] | None:
    """Return the names of a function type's parameters; `None` for any other type."""
    if not kind.startswith("("):
        return None
    depth, names = 0, []
    for part in re.finditer(r"[(){}<>]|(\w+):", kind.replace("=>", "")):
        if part[1]:
            names += [part[1]] if depth == 1 else []
        else:
            depth += 1 if part[0] in "({<" else -1
            if depth == 0:
                break
    return names


def in_python(text: str) -> dict[str, Members]:
    """Return the protocols that a module declares."""
    classes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef))
    return {each.name: dict(members(each)) for each in classes}


def members(protocol: ast.ClassDef) -> Iterator[tuple[str, list[str] | None]]:
    for node in protocol.body:
        if isinstance(node, ast.AnnAssign):
            yield ast.unparse(node.target), None
        elif isinstance(node, ast.FunctionDef):
            yield node.name, [argument.arg for argument in node.args.args[1:]]


def test_a_declaration_is_read_as_it_is_written() -> None:
    text = """/**
 * @typedef {object} Thing
 * @property {Record<string, {a: number}>} plain with words
 * @property {(name: string, on: (done: number) => void)
 *   => Promise<{b: string}>} verb
 * @property {number} [optional]
 *
 * @typedef {'a' | 'b'} Choice
 */"""
    expected = {"Thing": {"plain": None, "verb": ["name", "on"], "optional": None}}
    assert in_javascript(text) == expected


def test_python_and_javascript_declare_the_same_interfaces() -> None:
    javascript = in_javascript((WEB / "js/boundary.js").read_text())
    assert in_python(BOUNDARY.read_text()) == javascript
    assert javascript["Engine"]["run"] == ["handle", "inputs"]
    assert javascript["Boundary"]["setState"] == ["state"]


def chains(path: Path) -> Iterator[str]:
    """Return the attributes that a module reads from the boundary: ``kiosk.heartbeat.beat``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            chain = ast.unparse(node)
            if chain.startswith("glassbooth."):
                yield chain.removeprefix("glassbooth.")


def declared(interface: str, prefix: str = "") -> Iterator[str]:
    """Return all attribute chains reachable from an interface."""
    tree = ast.parse(BOUNDARY.read_text())
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    (found,) = (node for node in classes if node.name == interface)
    for node in found.body:
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name
        elif isinstance(node, ast.AnnAssign):
            name = prefix + ast.unparse(node.target)
            yield name
            if ast.unparse(node.annotation) in in_python(BOUNDARY.read_text()):
                yield from declared(ast.unparse(node.annotation), name + ".")


def test_all_that_is_declared_is_used_and_the_reverse() -> None:
    modules = [path for path in (WEB / "py").rglob("*.py") if path != BOUNDARY]
    used = {chain for path in modules for chain in chains(path)}
    assert used - {"site.to_py"} == set(declared("Boundary"))


def test_only_the_boundary_imports_the_object() -> None:
    def imports_it(path: Path) -> bool:
        nodes = ast.walk(ast.parse(path.read_text()))
        froms = (n for n in nodes if isinstance(n, ast.ImportFrom) and n.module == "js")
        return any(alias.name == "glassbooth" for each in froms for alias in each.names)

    assert [path for path in (WEB / "py").rglob("*.py") if imports_it(path)] == [BOUNDARY]


def test_python_reads_no_state_from_the_document_or_its_events() -> None:
    read = re.compile(r"(document\.body|documentElement|\broot)\.dataset\.\w+(?!\s*=[^=])\b|glass:")
    found = {path.name: read.findall(path.read_text()) for path in (WEB / "py/host").glob("*.py")}
    found.pop("page.py")  # which element is being printed is its own
    assert {name for name, hits in found.items() if hits} == set()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module `host.site` on a page with the site data `GIVEN`."""
    published = SimpleNamespace(site=SimpleNamespace(to_py=lambda: GIVEN))
    for name in [name for name in sys.modules if name.partition(".")[0] == "host"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "js", SimpleNamespace(glassbooth=published))
    found = import_module("host.site")
    yield found
    for name in ("host", "host.site", "host.boundary"):
        sys.modules.pop(name, None)


MODEL = {
    "card": "models/cats-123/card.json",
    "sha256": "ab",
    "bytes": 7,
    "title": "Cats",
    "input": "picture",
    "output": "classes",
}
EXHIBIT: dict[str, Any] = {
    "name": "cats",
    "page": "",
    "title": "Cats",
    "text": "Which cat is it?",
    "label": "Exhibit 1",
    "models": ["cats"],
    "samples": "samples-1/",
    "kiosk": True,
}
GIVEN = {
    "version": "1",
    "app": "app-1/",
    "title": "A booth",
    "models": {"cats": MODEL},
    "firstVisit": {"app-1/boot.js": 3},
    "exhibits": [EXHIBIT],
    "kiosk": {"idle": 30},
}


def test_the_site_is_parsed_once_into_dataclasses(site: ModuleType) -> None:
    found = site.current()
    assert found is site.current()
    assert found.title == "A booth"
    assert found.models["cats"].folder == "models/cats-123/"
    assert found.models["cats"].output == "classes"
    assert found.exhibits[0].models == ("cats",)
    assert found.exhibits[0].samples == "samples-1/"
    assert found.first_visit == {"app-1/boot.js": 3}
    assert found.kiosk == {"idle": 30}


def test_javascript_knows_the_same_fields_of_the_site(site: ModuleType) -> None:
    javascript = in_javascript((WEB / "js/site.js").read_text())
    for kind in (site.Site, site.ModelEntry, site.ExhibitEntry):
        names = {re.sub(r"_(\w)", lambda m: m[1].upper(), each.name) for each in fields(kind)}
        assert names - {"name"} <= set(javascript[kind.__name__])
