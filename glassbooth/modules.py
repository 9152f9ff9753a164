"""Which Python modules a site needs: the import closure of its exhibits and kinds."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from glassbooth.errors import BuildError
from glassbooth.exhibits import Exhibit, models_of

ALWAYS = ("main", "renewal")
"""Entry points of every page; JavaScript calls `renewal` after a start from a snapshot."""


def modules_for(sources: Mapping[str, Path], exhibits: Sequence[Exhibit]) -> dict[str, Path]:
    """Return the Python files that a site needs, by their path on the page.

    Args:
        sources: All available files, by their path on the page.
        exhibits: Exhibits of the site.

    Raises:
        BuildError: A kind or an exhibit has no module.
    """
    files = {module_name(path): path for path in sources}
    wanted = list(roots(exhibits))
    for name in wanted:
        if name not in files:
            raise BuildError(f"There is no Python module {name}: {name.replace('.', '/')}.py.")
    return closure(sources, wanted)


def closure(sources: Mapping[str, Path], names: Iterable[str]) -> dict[str, Path]:
    """Return the files of some modules and of all modules that these import, by path.

    Args:
        sources: All available files, by their path below a folder of ``sys.path``.
        names: Names of modules.
    """
    files = {module_name(path): path for path in sources}
    needed: set[str] = set()
    wanted = list(names)
    while wanted:
        name = wanted.pop()
        if name in needed or name not in files:
            continue
        needed.add(name)
        wanted += [*_parents(name), *imported(parse(files[name], sources[files[name]]))]
    return {files[name]: sources[files[name]] for name in sorted(needed)}


def roots(exhibits: Sequence[Exhibit]) -> Iterator[str]:
    """Yield the names of the modules that the page imports dynamically."""
    yield from ALWAYS
    for exhibit in exhibits:
        if exhibit.entry.page:
            yield f"exhibits.{exhibit.entry.page}.exhibit"
        else:
            yield "generated.exhibit"
            yield from (part.replace("/", ".") for part in exhibit.parts)
    for model in models_of(exhibits).values():
        for package, kind in (("inputs", model.input), ("outputs", model.output)):
            if kind:
                yield f"{package}.{kind}"


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield all modules that a source may import, including constant ``import_module`` calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def parse(path: str, file: Path) -> ast.Module:
    """Parse a module, and make its relative imports absolute.

    Args:
        path: Path of the module on the page.
        file: Source file.

    Raises:
        BuildError: The file is not valid Python.
    """
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError) as error:
        raise BuildError(f"{file}: is not Python that can be read: {error}.") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = ".".join(path.split("/")[: -node.level])
            node.module, node.level = ".".join(filter(None, (package, node.module))), 0
    return tree


def _parents(name: str) -> Iterator[str]:
    while name := name.rpartition(".")[0]:
        yield name


def module_name(path: str) -> str:
    """Return the name of a module by its path on the page."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
