"""Runs in Pyodide right before the snapshot is taken: imports the modules that pages need."""

import gc
import json
import marshal
import sys
import zipimport
from importlib import import_module
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

PYC_HEADER = 16
"""Size of a .pyc file's header in bytes."""


class MissingExtension(ModuleType):
    """Placeholder for a compiled library that is not on the site; any access raises."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        raise ImportError(
            f"{self.__name__} is not on this site, because no module in web/py names"
            f" {self.__name__.rpartition('.')[0]}: name it there, and build the site again."
        )


class MissingModuleFinder:
    """Last finder on `sys.meta_path`: explains why a module is not on the site."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        """Raise for modules that are left out of sites on purpose."""
        if name.startswith("numpy."):
            raise ModuleNotFoundError(
                f"{name} is not on this site, because no module in web/py names it: import it "
                "there, and build the site again.",
                name=name,
            )
        if name == "pyscript":
            raise ModuleNotFoundError(
                "pyscript's package is not on this site: use js and pyodide.ffi, as host/ does.",
                name=name,
            )


class SnapshotLoader(Loader):
    """Imports the project's modules that need a page from code stored in the snapshot."""

    def __init__(self, folder: Path) -> None:
        """Load the code of the compiled modules below a folder that are not imported yet."""
        self._code: dict[str, tuple[bool, bytes]] = {}
        for path in sorted(folder.rglob("*.pyc")):
            parts = path.relative_to(folder).with_suffix("").parts
            package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if package else parts)
            if name not in sys.modules:
                self._code[name] = package, path.read_bytes()[PYC_HEADER:]

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return the spec of a stored module; `None` for others."""
        if name not in self._code:
            return None
        return spec_from_loader(name, self, is_package=self._code[name][0])

    def exec_module(self, module: ModuleType) -> None:
        """Execute a module's code."""
        exec(marshal.loads(self._code[module.__name__][1]), module.__dict__)


def main() -> None:
    """Import the wanted modules, install the finders, and collect garbage."""
    wanted = json.loads(Path("/tmp/wanted.json").read_text(encoding="utf-8"))
    for name in wanted["absent"]:
        sys.modules[name] = MissingExtension(name)
    for name in wanted["modules"]:
        import_module(name)
    sys.meta_path.insert(0, SnapshotLoader(Path.home()))
    sys.meta_path.append(MissingModuleFinder)
    read_directory(Path("/tmp/stdlib.zip"))
    gc.collect()


def read_directory(stdlib: Path) -> None:
    """Fill zipimport's cache with the directory of the page's standard library archive."""
    stdlib.replace(next(path for path in sys.path if path.endswith(".zip")))
    zipimport._zip_directory_cache.clear()  # type: ignore[attr-defined]
    sys.path_importer_cache.clear()
    find_spec("a_module_that_is_nowhere")


main()
