from pathlib import Path

import pytest

from tools.errors import BuildError
from tools.page import fill, script_json, with_pages

WHERE = Path("web/index.html")


def test_pages_are_put_in_their_place_in_order_of_names(tmp_path: Path) -> None:
    template = tmp_path / "template"
    template.write_text("<main><!-- pages --></main>")
    (tmp_path / "2-b.html").write_text("<p>b</p>\n")
    (tmp_path / "1-a.html").write_text("<p>ä</p>\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a page")
    assert with_pages(template, tmp_path) == "<main><p>ä</p>\n<p>b</p></main>"


@pytest.mark.parametrize(("text", "found"), [("<main>", 0), ("<!-- pages --><!-- pages -->", 2)])
def test_a_template_has_one_place_for_pages(tmp_path: Path, text: str, found: int) -> None:
    template = tmp_path / "index.html"
    template.write_text(text)
    with pytest.raises(BuildError, match=rf"index\.html: expected one .* found {found}"):
        with_pages(template, tmp_path)


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
