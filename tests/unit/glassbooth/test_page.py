import json
import re
from pathlib import Path

import pytest

from glassbooth.booth import read_booth
from glassbooth.errors import BuildError
from glassbooth.exhibits import Layers
from glassbooth.page import compose, description, fill, manifest_words, script_json, section, words
from glassbooth.project import Project
from tests.unit.glassbooth.booths import exhibits_in, write

WHERE = Path("web/index.html")
WILD = "<b>Cats & {{name}}</b>"
"""A title with HTML and a placeholder."""
TAMED = "&lt;b&gt;Cats &amp; &#123;&#123;name}}&lt;/b&gt;"


def composed(project: Project) -> str:
    booth = read_booth(project.root)
    layers = Layers(project.web / "py", project.root)
    return compose(project.web / "index.html", booth, exhibits_in(project), layers)


def booth(project: Project, text: str) -> Project:
    write(project.root, {"booth.toml": text})
    return project


def test_pages_are_put_in_their_place_in_the_order_of_the_booth(project: Project) -> None:
    text = composed(project)
    places = ['id="/first"', 'id="/second"', "kiosk of", "<h1>A booth</h1>"]
    assert sorted(places, key=text.index) == places
    assert "<!-- " not in text
    turned = booth(
        project,
        'title = "A booth"\n[[exhibit]]\nmodel = "tiny"\nname = "second"\n'
        '[[exhibit]]\npage = "first"\n',
    )
    text = composed(turned)
    places = ['id="/second"', 'id="/first"', "kiosk of", "<h1>A booth</h1>"]
    assert sorted(places, key=text.index) == places


def test_pages_are_read_as_utf_8(project: Project) -> None:
    page = project.web / "py/exhibits/first/page.html"
    page.write_bytes("<p>ä</p>\n".encode())
    assert "<p>ä</p>\n<section" in composed(project)


@pytest.mark.parametrize("place", ["nav", "pages"])
@pytest.mark.parametrize("found", [0, 2])
def test_a_template_has_one_place_for_each(project: Project, place: str, found: int) -> None:
    template = project.web / "index.html"
    mark = f"<!-- {place} -->"
    template.write_text(template.read_text().replace(mark, mark * found))
    with pytest.raises(BuildError, match=rf"index\.html: expected one {mark}, found {found}"):
        composed(project)


@pytest.mark.parametrize("name", ["index.html", "pages/kiosk.html", "pages/gallery.html"])
def test_a_template_that_is_missing_is_named(project: Project, name: str) -> None:
    (project.web / name).unlink()
    with pytest.raises(BuildError, match=rf"{name} is missing"):
        composed(project)


def test_the_navigation_has_a_link_to_each_exhibit(project: Project) -> None:
    made = booth(
        project,
        'title = "T"\n[[exhibit]]\npage = "first"\n'
        '[[exhibit]]\nmodel = "tiny"\nname = "heads-or-tails"\n',
    )
    links = re.findall(r'<a href="#/([^"]*)">([^<]*)</a>', composed(made))
    assert links == [("first", "First"), ("heads-or-tails", "Heads or tails")]


def test_the_gallery_shows_each_exhibit_in_order(project: Project) -> None:
    text = composed(project)
    items = re.findall(r"<li>.*?</li>", text, re.DOTALL)
    assert items == [
        '<li><a class="exhibit" href="#/first">\n<svg>first</svg>\n'
        '<span class="number">Exhibit 1</span>\n'
        "<strong>The first</strong>\n<span>It is first.</span></a></li>",
        '<li><a class="exhibit" href="#/second">\n<svg>side</svg>\n'
        '<span class="number">Exhibit 2</span>\n<strong>Tiny</strong>\n<span></span></a></li>',
    ]


def test_an_exhibit_without_art_has_an_empty_picture(project: Project) -> None:
    (project.web / "py/exhibits/first/art.svg").unlink()
    item = re.findall(r"<li>.*?</li>", composed(project), re.DOTALL)[0]
    assert '\n<svg class="art" viewBox="0 0 160 100" aria-hidden="true"></svg>\n' in item


def test_exhibits_without_a_label_are_numbered(project: Project) -> None:
    write(
        project.web / "py/exhibits",
        {
            "aside/exhibit.toml": 'title = "Aside"\nlabel = "Behind & beneath"\n',
            "aside/exhibit.py": "",
            "aside/page.html": "<p>{{label}}</p>",
        },
    )
    made = booth(
        project,
        'title = "T"\n[[exhibit]]\npage = "first"\n[[exhibit]]\npage = "aside"\n'
        '[[exhibit]]\nmodel = "tiny"\n',
    )
    labels = re.findall(r'<span class="number">(.*?)</span>', composed(made))
    assert labels == ["Exhibit 1", "Behind &amp; beneath", "Exhibit 2"]
    assert "<p>Behind &amp; beneath</p>" in composed(made)


def test_the_booths_own_words_take_the_place_of_others(project: Project) -> None:
    made = booth(
        project,
        'title = "T"\n[[exhibit]]\npage = "first"\ntitle = "Mine"\ntext = "My own."\n'
        '[[exhibit]]\nmodel = "tiny"\ntitle = "Mine, too"\ntext = "Own as well."\n',
    )
    text = composed(made)
    assert '<p id="/first">Exhibit 1: Mine, My own.</p>' in text
    assert "<h1>Mine, too</h1>" in text
    assert "<strong>Mine, too</strong>\n<span>Own as well.</span>" in text
    assert "The first" not in text


def test_what_makers_write_is_text_and_neither_html_nor_a_placeholder(project: Project) -> None:
    made = booth(
        project,
        f"title = '{WILD}'\ntext = '''\n{WILD}\n\n{WILD}\n'''\n"
        f"[[exhibit]]\npage = 'first'\ntitle = '{WILD}'\ntext = '{WILD}'\n"
        f"[[exhibit]]\nmodel = 'tiny'\ntitle = '{WILD}'\ntext = '{WILD}'\n",
    )
    text = fill(composed(made), {"app": "", "site": "", **words(read_booth(made.root))}, WHERE)
    assert "<b>" not in text
    assert "{{" not in text
    assert text.count(TAMED) == 4 + 1 + 2 + 2 + 2  # pages, kiosk, lead, gallery, and the title


def test_a_generated_page_is_a_template_with_its_halves(project: Project) -> None:
    layers = Layers(project.web / "py", project.root)
    second = exhibits_in(project)[1]
    assert section(second, layers) == (
        '<section class="page model" id="/second" aria-labelledby="second-title"><template>\n'
        "<h1>Tiny</h1><button>Toss</button><output></output>\n</template></section>"
    )


def test_a_half_without_elements_of_its_own_leaves_its_place_empty(project: Project) -> None:
    (project.web / "py/sources/coin.html").unlink()
    (project.web / "py/views/side.html").unlink()
    layers = Layers(project.web / "py", project.root)
    text = section(exhibits_in(project)[1], layers)
    assert "<template>\n<h1>Tiny</h1>\n</template>" in text


def test_a_page_whose_placeholder_nothing_fills_is_named(project: Project) -> None:
    (project.web / "py/exhibits/first/page.html").write_text("{{naem}}")
    with pytest.raises(BuildError, match=r"first/page\.html: \{\{naem\}\} is no placeholder"):
        composed(project)


@pytest.mark.parametrize(
    ("text", "heading", "paragraphs"),
    [
        ("", "", []),
        ("One.", "", ["One."]),
        ("One\nof two lines.\n\nTwo.", "One<br>of two lines.", ["Two."]),
        ("One.\n\n\nTwo.\n \nThree.\n", "One.", ["Two.", "Three."]),
    ],
)
def test_the_first_of_several_paragraphs_is_the_heading(
    project: Project, text: str, heading: str, paragraphs: list[str]
) -> None:
    made = booth(project, f"title = 'T'\ntext = '''\n{text}'''\n[[exhibit]]\npage = 'first'\n")
    page = composed(made)
    assert f"<h1>{heading or 'T'}</h1>" in page
    assert re.findall(r"</h1>(.*?)<ul>", page, re.DOTALL) == [
        "\n    ".join(f"<p>{each}</p>" for each in paragraphs)
    ]


def test_an_example_is_linked_below_the_gallery_if_there_is_one(project: Project) -> None:
    filled = fill(
        composed(project), {"app": "", "site": "", "title": "T", "example": "example-1/"}, WHERE
    )
    assert filled.count('<a href="example-1/api.html" target="_blank">') == 1
    assert filled.index("</ul>") < filled.index("example-1/api.html")
    made = booth(project, 'title = "T"\n[[exhibit]]\npage = "first"\n')
    assert "</ul><script" in composed(made)
    assert "example" not in composed(made)


def test_the_page_says_its_language_and_what_it_is_about(project: Project) -> None:
    head = 'title = "T & {{U}}"\n'
    exhibit = '[[exhibit]]\npage = "first"\n'
    plain = read_booth(booth(project, f"{head}{exhibit}").root)
    assert words(plain)["language"] == "en"
    assert "offline" in description(plain)
    text = f"{head}languages = ['nl', 'en']\ntext = '''A\n\"b\".'''\n{exhibit}"
    told = read_booth(booth(project, text).root)
    assert words(told) == {
        "title": "T &amp; &#123;&#123;U}}",
        "description": "A &quot;b&quot;.",
        "language": "nl",
    }
    manifest = fill('["{{title}}", "{{description}}"]', manifest_words(told), WHERE)
    assert json.loads(manifest) == ["T & {{U}}", 'A "b".']


def test_placeholders_are_filled() -> None:
    filled = fill("{{app}}boot.js {{ app }} {{engine}}", {"app": "a/", "engine": "e/"}, WHERE)
    assert filled == "a/boot.js a/ e/"


@pytest.mark.parametrize("text", ["{{ap}}", "{{}}", "{{ap-p}}", "{{app"])
def test_an_unknown_placeholder_is_an_error(text: str) -> None:
    with pytest.raises(BuildError, match=r"web/index\.html: .* there are app"):
        fill(text, {"app": "a/"}, WHERE)


def test_json_cannot_end_its_script_element() -> None:
    text = script_json({"a": "</script><!--", "b": ["ä", None, "\u2028"]})
    assert text == '{"a":"\\u003c/script>\\u003c!--","b":["ä",null,"\\u2028"]}'
