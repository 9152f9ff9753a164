"""Runs in Pyodide when the site is built: byte-compiles Python for the pages."""

import ast
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]
from pathlib import Path
from types import CodeType

OPTIMIZE = 2
"""Without docstrings and assertions, as `python -OO`: nobody reads them in a browser."""
NO_HASH = b"\0" * 8
INSPECTED = (b"__annotations__", b"get_annotations", b"signature(", b"singledispatch")
"""Words of modules that look at the annotations of functions."""


def compile_archive(archive: str, root: str, skipped: list[str], lines: bool) -> bytes:
    """Return an archive of a zip file's Python modules, compiled and nothing else.

    Args:
        archive: path of the zip file.
        root: folder that tracebacks are to name.
        skipped: folders that are left out wherever they occur.
        lines: whether the modules are the site's own: tracebacks name their lines, and functions
            are compiled without annotations, which take a fifth of a module and nobody reads.
    """
    target = Path("/tmp/compiled.zip")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            if name.endswith(".py") and not set(skipped).intersection(name.split("/")):
                text, path = source.read(name), f"{root}/{name}"
                tree = without_types(text) if lines else text
                code = compile(tree, path, "exec", optimize=OPTIMIZE)
                kept = code if lines else without_lines(code)
                content = bytes(_code_to_hash_pyc(kept, NO_HASH, False))
                made.writestr(zipfile.ZipInfo(f"{name}c"), content)
    return target.read_bytes()


def without_types(text: bytes) -> bytes | ast.Module:
    """Return a module without what only type checkers read.

    Annotations of functions and of their variables go, and blocks ``if TYPE_CHECKING:``; those of
    classes stay, since dataclasses are made of them.
    """
    if any(word in text for word in INSPECTED):
        return text
    tree: ast.Module = Untyped().visit(ast.parse(text))
    return ast.fix_missing_locations(tree)


class Untyped(ast.NodeTransformer):
    """Removes annotations of functions, and blocks for type checkers."""

    def __init__(self) -> None:
        self._in_function = False

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        """Remove ``if TYPE_CHECKING:``."""
        if ast.unparse(node.test) != "TYPE_CHECKING":
            return self.generic_visit(node)
        return [self.visit(each) for each in node.orelse]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Remove a function's annotations."""
        return self._bare(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """Remove a coroutine's annotations."""
        return self._bare(node)

    def _bare(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        arguments = node.args
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            each.annotation = None
        for rest in (arguments.vararg, arguments.kwarg):
            if rest:
                rest.annotation = None
        outer, self._in_function = self._in_function, True
        bare = self.generic_visit(node)
        self._in_function = outer
        return bare

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Keep the annotations of a class's own variables."""
        outer, self._in_function = self._in_function, False
        visited = self.generic_visit(node)
        self._in_function = outer
        return visited

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Make a variable of a function a plain one; without a value it is only declared."""
        if not self._in_function:
            return self.generic_visit(node)
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        plain = ast.Assign([node.target], self.visit(node.value))
        return ast.copy_location(plain, node)


def without_lines(code: CodeType) -> CodeType:
    """Return code that does not know its line numbers, functions in it included."""
    constants = tuple(
        without_lines(each) if isinstance(each, CodeType) else each for each in code.co_consts
    )
    return code.replace(co_consts=constants, co_linetable=b"")
