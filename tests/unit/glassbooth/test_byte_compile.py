"""What compiled modules of a page lack, and that they work the same."""

import ast
import dataclasses

import pytest

from glassbooth.byte_compile import INSPECTED, without_types


def bare(source: str) -> str:
    tree = without_types(source.encode())
    assert isinstance(tree, ast.Module)
    return ast.unparse(tree)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "def f(a: int, *b: str, c: int = 1, **d: int) -> int:\n    return a",
            "def f(a, *b, c=1, **d):\n    return a",
        ),
        ("async def f(a: int) -> int:\n    return a", "async def f(a):\n    return a"),
        (
            "def f():\n    a: int = 1\n    b: int\n    return a",
            "def f():\n    a = 1\n    pass\n    return a",
        ),
        ("A: int = 1", "A: int = 1"),
        ("class C:\n    a: int = 1", "class C:\n    a: int = 1"),
        ("def f():\n\n    class C:\n        a: int", "def f():\n\n    class C:\n        a: int"),
        ("if TYPE_CHECKING:\n    import js\nA = 1", "A = 1"),
        ("if TYPE_CHECKING:\n    import js\nelse:\n    A = 1", "A = 1"),
        ("if A:\n    B = 1", "if A:\n    B = 1"),
    ],
)
def test_only_annotations_of_functions_are_left_out(source: str, expected: str) -> None:
    assert bare(source) == expected


def test_dataclasses_stay_dataclasses() -> None:
    source = (
        "import dataclasses\n"
        "@dataclasses.dataclass\n"
        "class Point:\n"
        "    x: int\n"
        "    y: int = 2\n"
        "    def total(self, more: int = 0) -> int:\n"
        "        all: int = self.x + self.y\n"
        "        return all + more\n"
    )
    found: dict[str, type] = {}
    tree = without_types(source.encode())
    exec(compile(tree, "point.py", "exec"), found)
    assert [each.name for each in dataclasses.fields(found["Point"])] == ["x", "y"]
    assert found["Point"](1).total(4) == 7


@pytest.mark.parametrize("word", INSPECTED)
def test_modules_that_look_at_annotations_keep_them(word: bytes) -> None:
    source = b"def f(a: int) -> int:\n    return a\nf." + word
    assert without_types(source) == source
