import ast

import pytest

from glassbooth.booth import read_booth
from glassbooth.errors import BuildError
from glassbooth.exhibits import Layers
from glassbooth.modules import imported, modules_for, parse
from glassbooth.plan import plan
from glassbooth.project import Project
from tests.unit.glassbooth.booths import exhibits_in, write, write_card

EVERY_PAGE = {"main.py", "renewal.py", "shared/__init__.py", "shared/two.py"}
FIRST = {"exhibits/__init__.py", "exhibits/first/exhibit.py"}
GENERATED = {
    "generated/__init__.py",
    "generated/exhibit.py",
    "inputs/__init__.py",
    "inputs/coin.py",
    "outputs/__init__.py",
    "outputs/side.py",
    "sources/__init__.py",
    "sources/coin.py",
    "views/__init__.py",
    "views/side.py",
}
HEAD = 'title = "T"\n'


def modules(project: Project, booth: str = "") -> set[str]:
    """Return the modules of a booth by their paths on the page."""
    if booth:
        (project.root / "booth.toml").write_text(HEAD + booth)
    sources = Layers(project.web / "py", project.root).sources()
    found = modules_for(sources, exhibits_in(project))
    assert all(path == sources[name] for name, path in found.items())
    return set(found)


def test_a_booth_gets_what_its_exhibits_use(project: Project) -> None:
    assert modules(project) == EVERY_PAGE | FIRST | GENERATED


def test_a_booth_without_generated_pages_gets_no_code_of_theirs(project: Project) -> None:
    assert modules(project, '[[exhibit]]\npage = "first"\n') == EVERY_PAGE | FIRST


def test_a_booth_without_an_exhibit_gets_no_code_of_it(project: Project) -> None:
    assert modules(project, '[[exhibit]]\nmodel = "tiny"\n') == EVERY_PAGE | GENERATED


def test_models_of_exhibits_with_code_bring_their_kinds_without_page_halves(
    project: Project,
) -> None:
    toml = project.web / "py/exhibits/first/exhibit.toml"
    toml.write_text('title = "The first"\nmodels = ["other"]\n')
    output = {"kind": "score", "options": {}}
    write_card(project.models / "other", input={"kind": "dice", "options": {}}, output=output)
    kinds = {"inputs/__init__.py", "inputs/dice.py", "outputs/__init__.py", "outputs/score.py"}
    assert modules(project, '[[exhibit]]\npage = "first"\n') == EVERY_PAGE | FIRST | kinds


def test_a_model_without_kinds_brings_none(project: Project) -> None:
    toml = project.web / "py/exhibits/first/exhibit.toml"
    toml.write_text('title = "The first"\nmodels = ["other"]\n')
    write_card(project.models / "other", input=None, output=None)
    assert modules(project, '[[exhibit]]\npage = "first"\n') == EVERY_PAGE | FIRST


@pytest.mark.parametrize(
    ("source", "also"),
    [
        ("import shared.three", {"shared/three.py"}),
        ("from shared import three", {"shared/three.py"}),
        ("from shared.three import THREE as three", {"shared/three.py"}),
        ("def late():\n    import shared.three", {"shared/three.py"}),
        ("import_module('shared.three').THREE", {"shared/three.py"}),
        ("importlib.import_module('shared.three')", {"shared/three.py"}),
        ("import_module(f'shared.{name}')", set()),
        ("import_module()", set()),
        ("'import shared.three'", set()),
        ("import json, numpy.fft, js", set()),
        ("from .steps import STEPS", {"exhibits/first/steps.py"}),
        ("from . import steps", {"exhibits/first/steps.py"}),
        ("from .. import aside", {"exhibits/aside.py"}),
        ("from ..aside import NAME", {"exhibits/aside.py"}),
        ("import exhibits.first.steps", {"exhibits/first/steps.py"}),
        (
            "import exhibits.first.parts.one",
            {
                "exhibits/first/parts/__init__.py",
                "exhibits/first/parts/one.py",
                "exhibits/aside.py",
            },
        ),
    ],
)
def test_imports_are_followed(project: Project, source: str, also: set[str]) -> None:
    write(
        project.web / "py/exhibits",
        {
            "first/exhibit.py": source,
            "first/steps.py": "import exhibits.first.exhibit",
            "first/parts/__init__.py": "from ... import aside\nfrom .. import aside\n",
            "first/parts/one.py": "",
            "first/parts/two.py": "",
            "aside.py": "",
        },
    )
    assert modules(project, '[[exhibit]]\npage = "first"\n') == EVERY_PAGE | FIRST | also


def test_modules_of_the_booths_own_lie_beside_the_librarys(project: Project) -> None:
    write(
        project.root,
        {
            "exhibits/mine/exhibit.toml": 'title = "Mine"',
            "exhibits/mine/exhibit.py": "from exhibits.mine import parts\n",
            "exhibits/mine/page.html": "",
            "exhibits/mine/parts.py": "from outputs import mine\n",
            "exhibits/other/exhibit.py": "",
            "outputs/mine.py": "from shared import three\n",
            "outputs/unused.py": "",
            "outputs/__init__.py": "raise SystemExit\n",
            "shared/own.py": "",
            "own.py": "",
        },
    )
    found = modules(project, '[[exhibit]]\npage = "mine"\n')
    assert found == EVERY_PAGE | {
        "exhibits/__init__.py",
        "exhibits/mine/exhibit.py",
        "exhibits/mine/parts.py",
        "outputs/__init__.py",
        "outputs/mine.py",
        "shared/three.py",
    }
    planned = plan(project, read_booth(project.root))
    assert planned.modules["outputs/mine.py"] == project.root / "outputs/mine.py"
    assert planned.modules["outputs/__init__.py"] == project.web / "py/outputs/__init__.py"


def test_compiled_files_are_no_modules(project: Project) -> None:
    write(project.root, {"outputs/__pycache__/side.py": "", "views/__pycache__/a.py": ""})
    assert modules(project) == EVERY_PAGE | FIRST | GENERATED


def test_imports_of_a_source_are_named() -> None:
    source = "import a.b, c as d\nfrom e.f import g\ndef h():\n    import_module('i')\n"
    assert sorted(imported(ast.parse(source))) == ["a.b", "c", "e.f", "e.f.g", "i"]


def test_relative_imports_become_absolute(project: Project) -> None:
    file = project.root / "a.py"
    file.write_text("from . import b\nfrom .c import d\nfrom ..e import f\nimport g\n")
    assert set(imported(parse("x/y/a.py", file))) == {
        "x.y",
        "x.y.b",
        "x.y.c",
        "x.y.c.d",
        "x.e",
        "x.e.f",
        "g",
    }
    assert set(imported(parse("x/y/__init__.py", file))) >= {"x.y", "x.y.b", "x.y.c.d", "x.e"}


def test_a_source_that_is_no_python_is_named(project: Project) -> None:
    (project.web / "py/shared/two.py").write_text("TWO = = 2")
    with pytest.raises(BuildError, match=r"shared/two\.py: is not Python that can be read: "):
        modules(project)


def test_the_page_itself_is_needed(project: Project) -> None:
    (project.web / "py/renewal.py").unlink()
    with pytest.raises(BuildError, match=r"There is no Python module renewal: renewal\.py\."):
        modules(project)
