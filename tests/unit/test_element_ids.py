"""Every element id used in Python, JavaScript or HTML exists in the built page."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from glassbooth.booth import read_booth
from glassbooth.page import compose
from glassbooth.plan import plan
from glassbooth.project import HERE

WEB = HERE.web
PYTHON = WEB / "py"
ASKING = re.compile(r"(.*\b_?(page|scope)\.)(find|set_dialog|is_open)|Pen")
"""Functions whose first argument is an id."""
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "data-ink", "data-cursor")
"""Attributes of HTML whose values are ids, separated by spaces."""


class Ids(HTMLParser):
    """The ids in an HTML text, and those that it refers to; templates are optional."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self._hidden = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag == "template"
        if not self._hidden:
            values = {name: value or "" for name, value in attrs}
            self.ids += [values["id"]] if "id" in values else []
            self.references += " ".join(values.get(name, "") for name in REFERENCES).split()

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "template"


@cache
def page() -> str:
    """Return the demo's page without the elements of generated pages."""
    planned = plan(HERE, read_booth(HERE.root))
    return compose(WEB / "index.html", planned.booth, planned.exhibits, planned.layers)


def ids(*files: str) -> set[str]:
    """Return the ids of files in ``web/py``."""
    texts = ((PYTHON / name).read_text(encoding="utf-8") for name in files)
    return {each for text in texts for each in Ids(text).ids}


def in_files(pattern: str) -> list[str]:
    return [path.relative_to(PYTHON).as_posix() for path in sorted(PYTHON.glob(pattern))]


SOURCES, VIEWS = in_files("sources/*.html"), in_files("views/*.html")


def around(name: str) -> set[str]:
    """Return the ids that exist wherever a module runs."""
    folder, _, rest = name.partition("/")
    if folder == "generated":
        return ids("generated/page.html") | set.intersection(*(ids(each) for each in SOURCES))
    if folder in ("sources", "views"):
        elements = f"{folder}/{Path(rest).stem}.html"
        return ids("generated/page.html", *[elements] * (PYTHON / elements).is_file())
    exhibits = {f"exhibits/{name}" for name in in_files("exhibits/*/page.html")}
    own = f"exhibits/{rest.partition('/')[0]}/page.html" if folder == "exhibits" else ""
    others = {each.removeprefix("exhibits/") for each in exhibits} - {own}
    return set(Ids(page()).ids) - ids(*others)


def asked(path: Path) -> Iterator[str]:
    """Yield the ids that a module uses, as patterns."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for function, node in calls(tree):
        if node.args and ASKING.fullmatch(ast.unparse(node.func)):
            yield from values(node.args[0], function, tree)


def calls(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Yield all calls with their enclosing function."""
    inner = {
        id(node): function
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield inner.get(id(node), tree), node


def values(given: ast.expr, function: ast.AST, tree: ast.AST) -> Iterator[str]:
    """Yield the possible values of an argument: a constant, a loop variable or a parameter."""
    match given:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            texts = (each.value for each in parts if isinstance(each, ast.Constant))
            yield ".+".join(re.escape(str(text)) for text in texts) + ".*"
        case ast.Name(id=name):
            found = [*in_loops(name, function), *given_to(name, function, tree)]
            assert found, f"line {given.lineno}: what is {name}?"
            yield from map(re.escape, found)
        case _:
            raise AssertionError(f"line {given.lineno}: {ast.unparse(given)} is no id that is seen")


def in_loops(name: str, function: ast.AST) -> Iterator[str]:
    for loop in ast.walk(function):
        if isinstance(loop, ast.For) and isinstance(loop.iter, ast.Tuple):
            targets = [each.id for each in ast.walk(loop.target) if isinstance(each, ast.Name)]
            if name in targets:
                for row in loop.iter.elts:
                    cells = row.elts if isinstance(row, ast.Tuple) else [row]
                    yield from constant(cells[targets.index(name)])


def given_to(name: str, function: ast.AST, tree: ast.AST) -> Iterator[str]:
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    names = [argument.arg for argument in function.args.args if argument.arg != "self"]
    if name in names:
        for _, call in calls(tree):
            if ast.unparse(call.func).rpartition(".")[2] == function.name:
                yield from constant(call.args[names.index(name)])


def constant(node: ast.expr) -> Iterator[str]:
    assert isinstance(node, ast.Constant), ast.unparse(node)
    yield str(node.value)


MODULES = [
    name
    for name in in_files("**/*.py")
    if re.search(r"page|scope|Pen\(", (PYTHON / name).read_text())
]


def test_ids_are_found_in_sources(tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text(
        'page.find("a")\nself._scope.find("b")\nPen("c")\npage.is_open("d")\npage.find(3 + x)\n'
        'for name in ("e", "f"):\n    page.find(name)\n'
        'def show(self, place, end):\n    page.find(f"g-{end}-h")\n    page.find(place)\n'
        '    for name, number in (("i", 1), ("j", 2)):\n        page.set_dialog(name, True)\n'
        'self.show("k", 1)\nshow("l", 2)\nothers.search("m")\n'
    )
    with pytest.raises(AssertionError, match=r"line 5: .* is no id that is seen"):
        set(asked(source))
    source.write_text(source.read_text().replace("page.find(3 + x)", ""))
    assert set(asked(source)) == {*"abcdefijkl", r"g\-.+\-h.*"}


@pytest.mark.parametrize("name", MODULES)
def test_ids_that_python_asks_for_exist(name: str) -> None:
    known = around(name)
    missing = {
        wanted
        for wanted in asked(PYTHON / name)
        if not any(re.fullmatch(wanted, each) for each in known)
    }
    assert missing == set()


def test_ids_of_the_page_module_exist() -> None:
    wanted = set(re.findall(r"\bfind\(\"([^\"]+)\"\)", (PYTHON / "host/page.py").read_text()))
    assert wanted >= {"error", "error-text", "retry"}
    assert wanted - set(Ids(page()).ids) == set()


def test_python_asks_for_many() -> None:
    found = {wanted for name in MODULES for wanted in asked(PYTHON / name)}
    assert len(found) > 100
    assert {"answer", re.escape("kiosk-idle"), re.escape("photo-shot"), "threshold"} <= found


def in_javascript() -> set[str]:
    """Return the ids used in JavaScript."""
    found: set[str] = set()
    for path in sorted((WEB / "js").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"\b(?:element|getElementById)\(\s*'([^']+)'\s*\)", text))
        found |= set(in_loops_of(text))
    return found


LOOP = re.compile(r"for \(const \[(.*?)\] of \[\s*(\[.*?\]),?\s*\]\)", re.S)


def in_loops_of(javascript: str) -> Iterator[str]:
    """Yield the ids in loops such as `for (const [id, text] of [['a', 1], ['b', 2]])`."""
    asked = set(re.findall(r"\b(?:element|getElementById)\((?:/\*.*?\*/ \()?(\w+)\)", javascript))
    for names, rows in re.findall(LOOP, javascript):
        for row in re.findall(r"\[(.*?)\]", rows):
            for name, cell in zip(names.split(", "), row.split(", "), strict=True):
                if name in asked:
                    yield cell.strip("'")


def test_ids_that_javascript_asks_for_exist() -> None:
    found = in_javascript()
    assert found >= {"site", "error", "progress", "update-now", "update-later", "kiosk-title"}
    assert found - set(Ids(page()).ids) == set()


def test_javascript_asks_in_no_other_way() -> None:
    asking = re.compile(
        r"\b(?:element|getElementById)\((?!\s*'[^']+'\s*\)|(?:id|notice|button)\)|/\*\* @type)"
    )
    for path in sorted((WEB / "js").glob("*.js")):
        rest = path.read_text(encoding="utf-8").replace("element(seen.dataset.", "")
        rest = rest.replace("getElementById(id ?? '')", "")
        assert asking.findall(rest) == [], path.name


def test_ids_are_unique_and_what_refers_to_one_finds_it() -> None:
    read = Ids(page())
    assert [name for name, count in Counter(read.ids).items() if count > 1] == []
    # The titles of generated pages lie in templates until they are in view.
    titles = {f"{each}-title" for each in re.findall(r'class="page model" id="/([^"]+)"', page())}
    assert set(read.references) - set(read.ids) == titles
    assert read.references


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("view", VIEWS)
def test_a_generated_page_has_unique_ids_whatever_its_halves(source: str, view: str) -> None:
    texts = [(PYTHON / each).read_text() for each in ("generated/page.html", source, view)]
    read = Ids("".join(texts))
    counted = Counter([*Ids(page()).ids, *read.ids])
    assert [name for name, count in counted.items() if count > 1] == []
    assert set(read.references) <= set(read.ids)
