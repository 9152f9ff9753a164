import pytest

from glassbooth.booth import read_booth
from glassbooth.exhibits import Exhibit, Layers, models_of
from glassbooth.plan import plan
from glassbooth.project import HERE, Project
from tests.unit.glassbooth.booths import exhibits_in, write, write_card

HEAD = 'title = "T"\n'
MINE = {
    "exhibits/mine/exhibit.toml": 'title = "Mine"\nlabel = "Aside"\nkiosk = false\n',
    "exhibits/mine/exhibit.py": "",
    "exhibits/mine/page.html": "",
}


def exhibits(project: Project, booth: str) -> list[Exhibit]:
    (project.root / "booth.toml").write_text(HEAD + booth)
    return exhibits_in(project)


def test_an_exhibit_with_code_is_what_its_folder_says(project: Project) -> None:
    toml = project.web / "py/exhibits/first/exhibit.toml"
    toml.write_text('title = "A"\ntext = "B"\nmodels = ["tiny", "other"]\n')
    (found,) = exhibits(project, '[[exhibit]]\npage = "first"\nname = "one"\n')
    assert (found.name, found.entry.page) == ("one", "first")
    assert (found.title, found.text, found.label, found.kiosk) == ("A", "B", "Exhibit 1", True)
    assert [model.name for model in found.models] == ["tiny", "other"]
    assert found.html == toml.with_name("page.html")
    assert found.art == toml.with_name("art.svg")
    assert found.parts == ()


def test_a_generated_page_is_what_its_card_says(project: Project) -> None:
    (found,) = exhibits(project, '[[exhibit]]\nmodel = "tiny"\n')
    assert (found.name, found.entry.page) == ("tiny", "")
    assert (found.title, found.text, found.label, found.kiosk) == ("Tiny", "", "Exhibit 1", True)
    assert [model.name for model in found.models] == ["tiny"]
    assert found.html == project.web / "py/generated/page.html"
    assert found.art == project.web / "py/views/side.svg"
    assert found.parts == ("sources/coin", "views/side")


def test_one_model_may_have_several_pages(project: Project) -> None:
    found = exhibits(
        project, '[[exhibit]]\nmodel = "tiny"\n[[exhibit]]\nmodel = "tiny"\nname = "again"\n'
    )
    assert [each.name for each in found] == ["tiny", "again"]
    assert list(models_of(found)) == ["tiny"]


def test_an_exhibit_of_the_booths_own_is_found_in_its_folder(project: Project) -> None:
    write(project.root, MINE)
    first, mine, tiny = exhibits(
        project,
        '[[exhibit]]\npage = "first"\n[[exhibit]]\npage = "mine"\n[[exhibit]]\nmodel = "tiny"\n',
    )
    assert mine.html == project.root / "exhibits/mine/page.html"
    assert (mine.label, mine.kiosk, mine.art) == ("Aside", False, None)
    assert (first.label, tiny.label) == ("Exhibit 1", "Exhibit 2")


def test_kinds_of_the_booths_own_bring_elements_style_and_art(project: Project) -> None:
    write_card(
        project.models / "tiny",
        input={"kind": "card", "options": {}},
        output={"kind": "suit", "options": {}},
    )
    write(
        project.root,
        {
            **{f"{folder}/card.py": "" for folder in ("inputs", "sources")},
            **{f"{folder}/suit.py": "" for folder in ("outputs", "views")},
            "sources/card.css": "",
            "views/suit.css": "",
            "views/suit.svg": "<svg/>",
        },
    )
    (project.root / "booth.toml").write_text(f'{HEAD}[[exhibit]]\nmodel = "tiny"\n')
    planned = plan(project, read_booth(project.root))
    assert planned.exhibits[0].art == project.root / "views/suit.svg"
    names = [path.relative_to(project.root).as_posix() for path in planned.styles]
    assert names[6:] == ["web/py/generated/style.css", "sources/card.css", "views/suit.css"]
    assert {"inputs/card.py", "sources/card.py", "outputs/suit.py", "views/suit.py"} < set(
        planned.modules
    )


def test_styles_are_those_of_what_is_used_each_once(project: Project) -> None:
    (project.root / "booth.toml").write_text(
        f'{HEAD}[[exhibit]]\nmodel = "tiny"\n[[exhibit]]\npage = "first"\n'
        '[[exhibit]]\nmodel = "tiny"\nname = "again"\n'
    )
    styles = plan(project, read_booth(project.root)).styles
    assert [path.relative_to(project.web).as_posix() for path in styles] == [
        "css/kiosk.css",
        "css/operator.css",
        "css/base.css",
        "css/frame.css",
        "css/gallery.css",
        "css/components.css",
        "py/generated/style.css",
        "py/sources/coin.css",
        "py/exhibits/first/style.css",
    ]
    (project.root / "booth.toml").write_text(f'{HEAD}[[exhibit]]\npage = "first"\n')
    styles = plan(project, read_booth(project.root)).styles
    assert [path.name for path in styles[6:]] == ["style.css"]


def test_only_models_that_exhibits_need_are_in_the_plan(project: Project) -> None:
    assert list(plan(project, read_booth(project.root)).models) == ["tiny"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("views/side.svg", "web/py/views/side.svg"),
        ("views/mine.svg", "views/mine.svg"),
        ("exhibits/first", "web/py/exhibits/first"),
        ("exhibits/mine", "exhibits/mine"),
        ("generated/page.html", "web/py/generated/page.html"),
        ("host/mine.py", None),
    ],
)
def test_the_booths_own_folders_lie_over_the_librarys(
    project: Project, path: str, expected: str | None
) -> None:
    write(project.root, {**MINE, "views/mine.svg": "", "host/mine.py": ""})
    write(project.root, {"generated/page.html": "not a folder of the booth's own"})
    found = Layers(project.web / "py", project.root).find(path)
    assert found == (project.root / expected if expected else None)


def test_the_demo_is_a_booth() -> None:
    planned = plan(HERE, read_booth(HERE.root))
    assert [each.label for each in planned.exhibits[-2:]] == ["Exhibit 5", "Behind the scenes"]
    assert [each.name for each in planned.exhibits if not each.kiosk] == ["check"]
    assert planned.models.keys() == {path.parent.name for path in HERE.models.glob("*/card.json")}
    assert all(each.text and each.art for each in planned.exhibits)
    unused = Layers(HERE.web / "py", HERE.root).sources().keys() - planned.modules.keys()
    kinds = {
        f"{half}/{kind}.py"
        for half in ("sources", "views")
        for kind in ("latent", "picture", "points", "drawing")
    }
    assert unused <= kinds
