"""Requirements of tests, by folder: what must be installed or built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath

from glassbooth.errors import BuildError
from glassbooth.project import Project


@dataclass(frozen=True)
class Needs:
    """Requirements of some tests besides the Python packages of `requirements/test.txt`.

    Attributes:
        node: Node and the npm packages.
        wheel: The numpy wheel of the page.
        models: The Python packages of `requirements/models.txt`, and PyTorch.
        site: Chromium, and the site built; implies `node` and `wheel`.
    """

    node: bool = False
    wheel: bool = False
    models: bool = False
    site: bool = False

    def __or__(self, other: Needs) -> Needs:
        """Return the union."""
        return Needs(
            **{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(Needs)}
        )


SITE = Needs(node=True, wheel=True, site=True)
EVERYTHING = Needs(node=True, wheel=True, models=True, site=True)
TESTS = {
    "tests/unit": Needs(),
    "tests/unit/glassbooth": Needs(node=True, wheel=True),
    "tests/converter": Needs(node=True, models=True),
    "tests/e2e": SITE,
    "tests/wheel": SITE,
}
"""Needs by folder; a path has those of its longest matching folder and of all folders below it."""
VALUED = frozenset({"-k", "-m", "-p", "-o", "-c", "-W", "-n", "--tb", "--durations", "--maxfail"})
"""Options of pytest whose value is the next argument."""


def paths(arguments: Sequence[str]) -> list[str]:
    """Return the paths among pytest's arguments, without `::test` suffixes."""
    before = ["", *arguments]
    return [
        argument.partition("::")[0]
        for previous, argument in zip(before, arguments, strict=False)
        if not argument.startswith("-") and previous not in VALUED
    ]


def needs_of(project: Project, arguments: Sequence[str]) -> Needs:
    """Return the requirements of pytest's arguments: everything if they name no path.

    Raises:
        BuildError: A path does not exist.
    """
    given = paths(arguments)
    missing = [path for path in given if not (project.root / path).exists()]
    if missing:
        raise BuildError(
            f"There is no {', no '.join(missing)}: give paths of tests as seen from {project.root},"
            " for example tests/unit/test_card.py."
        )
    joined = Needs() if given else EVERYTHING
    for path in given:
        joined |= _needs_of_path(project, path)
    return joined


def _needs_of_path(project: Project, path: str) -> Needs:
    try:
        inside = (project.root / path).resolve().relative_to(project.root.resolve())
    except ValueError:
        return EVERYTHING
    place = PurePosixPath(Path(inside).as_posix())
    around = [folder for folder in TESTS if place.is_relative_to(folder)]
    below = [folder for folder in TESTS if PurePosixPath(folder).is_relative_to(place)]
    if not around and not below:
        return EVERYTHING
    joined = TESTS[max(around, key=len)] if around else Needs()
    for folder in below:
        joined |= TESTS[folder]
    return joined
