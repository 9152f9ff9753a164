"""Structure of exhibits with their own code, and what kiosk mode needs of them."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
FOLDERS = sorted(path for path in WEB.glob("py/exhibits/[!_]*") if path.is_dir())
NAMES = [path.name for path in FOLDERS]
MODULES = {
    **{path.name: path / "exhibit.py" for path in FOLDERS},
    "generated": WEB / "py/generated/exhibit.py",
}
VERBS = ("open", "reset", "attract", "begin")
"""Coroutines of the protocol `exhibit.Exhibit`; mypy checks their types."""


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def made_by(create: ast.FunctionDef, tree: ast.Module) -> ast.ClassDef:
    """Return the class whose instance a function returns."""
    (returned,) = (node for node in ast.walk(create) if isinstance(node, ast.Return))
    assert isinstance(returned.value, ast.Call)
    name = ast.unparse(returned.value.func)
    (found,) = (n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name)
    return found


def test_there_are_exhibits() -> None:
    assert {"check", "dance", "design", "digits"} <= set(NAMES)


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_an_exhibit_is_whole_in_its_folder(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} >= {
        "exhibit.toml",
        "exhibit.py",
        "page.html",
        "style.css",
        "art.svg",
    }
    about = tomllib.loads((folder / "exhibit.toml").read_text(encoding="utf-8"))
    assert about["title"]
    assert about["text"]
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert re.match(r'<section class="page [\w ]+" id="/\{\{name\}\}" aria-labelledby="', page)
    assert {"{{label}}", "{{title}}"} <= set(re.findall(r"\{\{\w+\}\}", page))


@pytest.mark.parametrize("name", MODULES)
def test_each_exhibit_is_created_from_its_entry(name: str) -> None:
    functions = [node for node in parsed(MODULES[name]).body if isinstance(node, ast.FunctionDef)]
    (create,) = (each for each in functions if each.name == "create")
    (entry,) = create.args.args
    assert entry.annotation
    assert create.returns
    assert ast.unparse(entry.annotation) == "ExhibitEntry"
    assert ast.unparse(create.returns) == "Exhibit"


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("verb", VERBS)
def test_each_exhibit_forgets_its_visitors_and_shows_itself(name: str, verb: str) -> None:
    tree = parsed(MODULES[name])
    (create,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "create")
    methods = {
        node.name: node
        for node in made_by(create, tree).body
        if isinstance(node, ast.AsyncFunctionDef)
    }
    assert verb in methods, f"{name}/exhibit.py has no 'async def {verb}(self)'"
    assert [each.arg for each in methods[verb].args.args] == ["self"]


def test_the_verbs_are_those_of_the_protocol() -> None:
    (protocol,) = (n for n in parsed(WEB / "py/exhibit.py").body if isinstance(n, ast.ClassDef))
    assert tuple(n.name for n in protocol.body if isinstance(n, ast.AsyncFunctionDef)) == VERBS


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_no_exhibit_imports_another(folder: Path) -> None:
    others = set(NAMES) - {folder.name}
    for path in folder.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(rf"\bexhibits\.({'|'.join(others)})\b", text), path
        assert not re.search(rf"from exhibits import .*\b({'|'.join(others)})\b", text), path
        assert not re.search(r"from \.", text), path


def test_nothing_else_imports_an_exhibit() -> None:
    outside = [path for path in WEB.glob("py/**/*.py") if "exhibits" not in path.parts]
    assert len(outside) > 50
    for path in outside:
        assert not re.search(rf"\bexhibits\.({'|'.join(NAMES)})\b", path.read_text()), path
