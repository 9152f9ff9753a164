"""Documents name files and folders that exist, and their examples are a booth that can be built."""

import ast
import json
import re
from pathlib import Path

import pytest

from glassbooth.booth import read_booth
from glassbooth.library import Library
from glassbooth.plan import plan

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
NOT_SOURCES = {".git", ".venv", ".cache", "node_modules", "dist", "report", "__pycache__"}
EXAMPLES = re.compile(
    r"api/|application/|dist/|report/|\.cache/|\.venv/|models/(leaves|trees)|convert\.py|"
    r"(\w+/)+(measures|years|forest)\b"
)
"""What is made by a command, an address, or a maker's own."""
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w.-]+\.(?:py|m?js|html|css|toml))`")
EXAMPLE = re.compile(r"`([\w/.]+\.\w+)`:\n\n```\w+\n(.*?)```", re.S)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def known() -> str:
    """Return all files and folders, each in a line that begins with a slash."""
    found, waiting = list[str](), [ROOT]
    while waiting:
        for path in waiting.pop().iterdir():
            if path.name not in NOT_SOURCES:
                found.append(f"/{path.relative_to(ROOT).as_posix()}")
                waiting += [path] if path.is_dir() else []
    return "\n".join(found)


KNOWN = known()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    missing = {link for link in LINK.findall(text) if not (document.parent / link).exists()}
    for path in PATH.findall(text):
        tail = re.sub("NAME|KIND", r"[^/\n]+", re.escape(path.rstrip("/")))
        if not EXAMPLES.match(path) and not re.search(f"/{tail}$", KNOWN, re.M):
            missing.add(path)
    assert missing == set()


def methods(code: str, name: str) -> set[str]:
    """Return the functions of a class, but for its constructor; of a module if it has none."""
    tree = ast.parse(code)
    found = [each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == name]
    body = found[0].body if found else tree.body
    functions = [each for each in body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {each.name for each in functions} - {"__init__"}


def test_the_example_of_own_kinds_is_a_booth(tmp_path: Path) -> None:
    text = (ROOT / "docs/your-own-model.md").read_text(encoding="utf-8")
    files = dict(EXAMPLE.findall(text))
    kinds = {"input": {"kind": "measures"}, "output": {"kind": "years"}}
    files["models/trees/card.json"] = json.dumps(
        {"format": 2, "name": "trees", "title": "Trees", **kinds}
    )
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    planned = plan(Library(), read_booth(tmp_path))
    for path, protocol, where in (
        ("inputs/measures.py", "InputKind", "kinds.py"),
        ("outputs/years.py", "OutputKind", "kinds.py"),
        ("sources/measures.py", "Source", "generated/page_halves.py"),
        ("views/years.py", "View", "generated/page_halves.py"),
        ("exhibits/forest/exhibit.py", "Exhibit", "exhibit.py"),
    ):
        assert planned.modules[path] == tmp_path / path
        name = {"Exhibit": "Forest"}.get(protocol, protocol)
        needed = methods((ROOT / "web/py" / where).read_text(encoding="utf-8"), protocol)
        assert methods(files[path], name) >= needed
