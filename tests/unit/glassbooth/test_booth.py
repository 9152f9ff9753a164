"""Errors in a booth are one sentence with file and key, raised before anything is written."""

import json
import re
from pathlib import Path

import pytest

from glassbooth.booth import Booth, ExhibitConfig, read_booth
from glassbooth.environment import Node
from glassbooth.errors import BuildError
from glassbooth.plan import plan
from glassbooth.project import Project
from glassbooth.site import build_site
from tests.unit.glassbooth.booths import write, write_card

FIRST = '[[exhibit]]\npage = "first"\n'
HEAD = 'title = "T"\n'
NOWHERE = Node(Path("no-node"), Path("no-npm"))
"""No program is run for an invalid booth."""


def refused(project: Project) -> str:
    """Build an invalid booth; return the error, after checking that nothing was written."""
    before = {path: path.stat().st_mtime_ns for path in project.root.rglob("*")}
    with pytest.raises(BuildError) as raised:
        build_site(project, NOWHERE)
    assert {path: path.stat().st_mtime_ns for path in project.root.rglob("*")} == before
    message = str(raised.value)
    assert "\n" not in message
    assert message.endswith((".", "samples.", "it."))
    return message.replace(f"{project.root}/", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("titel = 1 =", "booth.toml: is not TOML that can be read: "),
        (FIRST, "booth.toml: title is missing."),
        (f'title = ""\n{FIRST}', "booth.toml: title is missing."),
        (f"title = 5\n{FIRST}", "booth.toml: title: expected text, got 5."),
        (f'{HEAD}titel = "U"\n{FIRST}', "booth.toml: 'titel' is unknown; known are title, text, "),
        (f"{HEAD}text = ['a']\n{FIRST}", "booth.toml: text: expected text, got ['a']."),
        (
            f'{HEAD}languages = "en"\n{FIRST}',
            "booth.toml: languages: expected a list of texts, got 'en'.",
        ),
        (
            f"{HEAD}languages = [1]\n{FIRST}",
            "booth.toml: languages: expected a list of texts, got [1].",
        ),
        (HEAD, 'booth.toml: lists no exhibit: add [[exhibit]] with model = "NAME".'),
        (f"{HEAD}exhibit = []\n", "booth.toml: lists no exhibit: "),
        (
            f'{HEAD}exhibit = "first"\n',
            "booth.toml: exhibit: expected tables, each after a line [[exhibit]], got 'first'.",
        ),
        (f"{HEAD}exhibit = [1]\n", "booth.toml: exhibit: expected tables, each after a line "),
        (f'{HEAD}[exhibit]\npage = "first"\n', "booth.toml: exhibit: expected tables, each "),
        (f"{HEAD}{FIRST}{FIRST}", "booth.toml: two exhibits are called 'first': give one another"),
        (
            f'{HEAD}{FIRST}[[exhibit]]\nmodel = "tiny"\nname = "first"\n',
            "booth.toml: two exhibits are called 'first': give one another 'name'.",
        ),
        (
            f'{HEAD}{FIRST}{FIRST}name = "again"\n',
            "booth.toml: two exhibits have the page 'first': there can be one.",
        ),
        (
            f'{HEAD}{FIRST}[[exhibit]]\nname = "x"\n',
            "booth.toml, exhibit 2: expected either 'model', for the page that any model gets, or ",
        ),
        (f'{HEAD}{FIRST}model = "tiny"\n', "booth.toml, exhibit 1: expected either 'model', "),
        (f"{HEAD}[[exhibit]]\npage = 1\n", "booth.toml, exhibit 1: page: expected text, got 1."),
        (
            f'{HEAD}{FIRST}kiosk = true\nsample = "web"\n',
            "booth.toml, exhibit 1: 'kiosk' is unknown; known are model, page, name, samples, ",
        ),
        (f"{HEAD}{FIRST}title = true\n", "booth.toml, exhibit 1: title: expected text, got True."),
        *(
            (
                f"{HEAD}[[exhibit]]\npage = 'first'\nname = {name!r}\n",
                f"booth.toml, exhibit 1: {name!r} cannot be in an address: a name has small "
                "letters, numbers and dashes, and is neither api, gallery nor kiosk.",
            )
            for name in ("First", "a b", "a/b", "a#b", "ä", "-a", "a_b", "api", "kiosk-pin")
        ),
        (
            f'{HEAD}[[exhibit]]\nmodel = "none"\n',
            "booth.toml, exhibit 1: there is no model 'none': models/none has no card.json. "
            "Convert it, or correct the name.",
        ),
        (
            f'{HEAD}[[exhibit]]\nname = "x"\nmodel = "../models/tiny"\n',
            "booth.toml, exhibit 1: '../models/tiny' is a path: give the folder's name.",
        ),
        (
            f'{HEAD}[[exhibit]]\nname = "x"\npage = ".."\n',
            "booth.toml, exhibit 1: '..' is a path: give the folder's name.",
        ),
        (
            f'{HEAD}[[exhibit]]\npage = "none"\n',
            "booth.toml: there is no page 'none': exhibits/none/exhibit.toml is missing.",
        ),
        (
            f'{HEAD}{FIRST}samples = "web/none"\n',
            "booth.toml, exhibit 1: samples: there is no web/none in ",
        ),
        (
            f'{HEAD}{FIRST}samples = "/etc"\n',
            "booth.toml, exhibit 1: samples: there is no /etc in ",
        ),
        (
            f'{HEAD}{FIRST}samples = "web/../.."\n',
            "booth.toml, exhibit 1: samples: there is no web/../.. in ",
        ),
        (
            f'{HEAD}{FIRST}samples = "web/js"\n',
            "web/js/samples.json is missing; it lists samples.",
        ),
        (
            f'{HEAD}example = "web/none.html"\n{FIRST}',
            "booth.toml: example: there is no web/none.html in ",
        ),
        (f"{HEAD}example = 'web'\n{FIRST}", "booth.toml: example: expected a page in a folder of "),
        (
            f"{HEAD}example = 'booth.toml'\n{FIRST}",
            "booth.toml: example: expected a page in a folder of its own, which ships with it.",
        ),
        (f"{HEAD}kiosk = 5\n{FIRST}", "booth.toml: kiosk: expected a table, got 5."),
        (
            f"{HEAD}{FIRST}[kiosk]\nidle = 0\n",
            "booth.toml, [kiosk]: idle is 0 s; give 1 to 3600.",
        ),
        (
            f"{HEAD}{FIRST}[kiosk]\nask = 120.5\n",
            "booth.toml, [kiosk]: ask is 120.5 s; give 1 to 120.",
        ),
        (
            f"{HEAD}{FIRST}[kiosk]\nrotate = nan\n",
            "booth.toml, [kiosk]: rotate is nan s; give 1 to 86400.",
        ),
        (
            f'{HEAD}{FIRST}[kiosk]\nidle = "60"\n',
            "booth.toml, [kiosk]: idle: expected a number, got '60'.",
        ),
        (
            f"{HEAD}{FIRST}[kiosk]\nidle = true\n",
            "booth.toml, [kiosk]: idle: expected a number, got True.",
        ),
        (
            f"{HEAD}{FIRST}[kiosk]\nkeeps = 1\n",
            "booth.toml, [kiosk]: keeps: expected true or false, got 1.",
        ),
        (
            f"{HEAD}{FIRST}[kiosk]\npin = 1\n",
            "booth.toml, [kiosk]: 'pin' is unknown; known are idle, ask, rotate, keeps.",
        ),
    ],
)
def test_a_mistake_in_booth_toml(project: Project, text: str, message: str) -> None:
    (project.root / "booth.toml").write_text(text)
    assert refused(project).startswith(message)


def test_a_folder_without_booth_toml_is_no_booth(project: Project) -> None:
    (project.root / "booth.toml").unlink()
    assert refused(project) == "booth.toml is missing: a booth is a folder with a booth.toml."


def test_booth_toml_that_is_no_text(project: Project) -> None:
    (project.root / "booth.toml").write_bytes(b'title = "\xff"')
    assert refused(project).startswith("booth.toml: is not TOML that can be read: ")


EXHIBIT = "web/py/exhibits/first/exhibit.toml"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title =", f"{EXHIBIT}: is not TOML that can be read: "),
        ('text = "A"', f"{EXHIBIT}: title is missing."),
        ("title = 1", f"{EXHIBIT}: title: expected text, got 1."),
        ('title = "A"\nlabel = false', f"{EXHIBIT}: label: expected text, got False."),
        (
            'title = "A"\nmodels = "tiny"',
            f"{EXHIBIT}: models: expected a list of texts, got 'tiny'.",
        ),
        ('title = "A"\nkiosk = "no"', f"{EXHIBIT}: kiosk: expected true or false, got 'no'."),
        ('title = "A"\nmodel = "tiny"', f"{EXHIBIT}: 'model' is unknown; known are "),
        (
            'title = "A"\nmodels = ["none"]',
            f"{EXHIBIT}: needs the model 'none', and models/none has no card.json. Convert it, or "
            "leave the exhibit out.",
        ),
    ],
)
def test_a_mistake_in_exhibit_toml(project: Project, text: str, message: str) -> None:
    (project.root / EXHIBIT).write_text(text)
    assert refused(project).startswith(message)


def test_what_exhibit_toml_may_say_is_listed_once(project: Project) -> None:
    (project.root / EXHIBIT).write_text('title = "A"\nmodle = 1')
    known = re.findall(r"known are (.*)\.", refused(project))
    assert sorted(known[0].split(", ")) == ["kiosk", "label", "models", "text", "title"]


@pytest.mark.parametrize("name", ["page.html", "exhibit.py"])
def test_a_part_of_an_exhibit_is_missing(project: Project, name: str) -> None:
    (project.root / EXHIBIT).with_name(name).unlink()
    expected = f"web/py/exhibits/first/{name} is missing: an exhibit with code of its own has it."
    assert refused(project) == expected


def test_a_title_in_booth_toml_is_enough(project: Project) -> None:
    write(project.root, {"booth.toml": f'{HEAD}{FIRST}title = "Mine"\n', EXHIBIT: "kiosk = false"})
    (first,) = plan(project, read_booth(project.root)).exhibits
    assert (first.title, first.text, first.kiosk) == ("Mine", "", False)


CARD = "models/tiny/card.json"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", f"{CARD}: is not JSON that can be read: "),
        ("[]", f"{CARD}: expected format 2 and the name 'tiny': convert the model again."),
        ('{"format": 1, "name": "tiny"}', f"{CARD}: expected format 2 and the name 'tiny': "),
        ('{"format": 2, "name": "huge"}', f"{CARD}: expected format 2 and the name 'tiny': "),
    ],
)
def test_a_card_that_is_none(project: Project, text: str, message: str) -> None:
    (project.root / CARD).write_text(text)
    assert refused(project).startswith(message)


@pytest.mark.parametrize("side", ["input", "output"])
def test_a_card_without_kinds_has_no_generated_page(project: Project, side: str) -> None:
    write_card(project.models / "tiny", **{side: None})
    assert refused(project) == (
        f"{CARD} names no input kind or no output kind: convert the model again with --task, or "
        "with --input and --output."
    )


@pytest.mark.parametrize(
    ("side", "message"),
    [
        ("input", f"{CARD}: sources/nonsense.py is missing for its page."),
        ("output", f"{CARD}: views/nonsense.py is missing for its page."),
    ],
)
def test_a_kind_without_a_page_half(project: Project, side: str, message: str) -> None:
    write_card(project.models / "tiny", **{side: {"kind": "nonsense", "options": {}}})
    assert refused(project) == message


@pytest.mark.parametrize("name", ["inputs/coin.py", "outputs/side.py"])
def test_a_kind_without_its_module(project: Project, name: str) -> None:
    (project.web / "py" / name).unlink()
    module = name.removesuffix(".py").replace("/", ".")
    assert refused(project) == f"There is no Python module {module}: {name}."


SAMPLES = "web/samples/samples.json"
CAT = {"file": "cat.jpg", "title": "Cat", "credit": "Me", "licence": "CC0"}


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        ("[", f"{SAMPLES}: is not JSON that can be read: "),
        ({}, f"{SAMPLES}: expected a list of objects with file, title, credit, licence."),
        ([1], f"{SAMPLES}: sample 1: file is missing, or is no text."),
        ([CAT, {"file": "cat.jpg"}], f"{SAMPLES}: sample 2: title is missing, or is no text."),
        ([{**CAT, "credit": 1}], f"{SAMPLES}: sample 1: credit is missing, or is no text."),
        ([{**CAT, "file": "cow.jpg"}], f"{SAMPLES} lists cow.jpg, which is not beside it."),
        ([{**CAT, "file": "../js/boot.js"}], f"{SAMPLES} lists ../js/boot.js, which is not "),
        ([{**CAT, "file": ""}], f"{SAMPLES} lists , which is not beside it."),
    ],
)
def test_a_mistake_in_a_list_of_samples(project: Project, samples: object, message: str) -> None:
    text = samples if isinstance(samples, str) else json.dumps(samples)
    (project.root / SAMPLES).write_text(text)
    assert refused(project).startswith(message)


@pytest.mark.parametrize("name", ["inputs/coin.py", "exhibits/first/exhibit.py"])
def test_a_file_of_the_booths_own_with_a_name_that_is_taken(project: Project, name: str) -> None:
    write(project.root, {name: "", "exhibits/first/exhibit.toml": 'title = "Mine"'})
    write(project.root, {"exhibits/first/page.html": "", "exhibits/first/exhibit.py": ""})
    expected = rf"({name}|exhibits/first/exhibit\.py): Glassbooth has a .* itself; rename yours\."
    assert re.fullmatch(expected, refused(project))


def test_a_module_of_the_booths_own_that_is_no_python(project: Project) -> None:
    write(project.root, {"outputs/mine.py": "def ("})
    write_card(project.models / "tiny", output={"kind": "mine", "options": {}})
    write(project.root, {"views/mine.py": ""})
    assert refused(project).startswith("outputs/mine.py: is not Python that can be read: ")


def test_a_booth_is_read(project: Project) -> None:
    text = (
        'title = "T"\ntext = """\nOne\nmore.\n\nTwo.\n"""\nlanguages = ["nl", "en"]\n'
        'example = "web/example/api.html"\n'
        '[[exhibit]]\npage = "first"\ntitle = "A"\ntext = "B"\n'
        '[[exhibit]]\nmodel = "tiny"\n'
        '[[exhibit]]\nmodel = "tiny"\nname = "again-2"\nsamples = "web/samples"\n'
        "[kiosk]\nidle = 90\nask = 15\nrotate = 60.5\nkeeps = false\n"
    )
    write(project.root, {"booth.toml": text, SAMPLES: json.dumps([CAT])})
    assert read_booth(project.root) == Booth(
        root=project.root,
        title="T",
        paragraphs=("One\nmore.", "Two."),
        languages=("nl", "en"),
        exhibits=(
            ExhibitConfig("first", page="first", title="A", text="B"),
            ExhibitConfig("tiny", model="tiny"),
            ExhibitConfig("again-2", model="tiny", samples=project.web / "samples"),
        ),
        example=project.web / "example/api.html",
        kiosk={"idle": 90, "ask": 15, "rotate": 60.5, "keeps": False},
    )


def test_what_a_booth_leaves_out_has_defaults(project: Project) -> None:
    (project.root / "booth.toml").write_text(HEAD + FIRST)
    made = read_booth(project.root)
    assert (made.paragraphs, made.languages, made.example, made.kiosk) == ((), ("en",), None, {})
