"""What kiosk mode needs of each exhibit; see docs/how-it-works.md."""

import ast
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
GALLERY = (WEB / "pages" / "9-gallery.html").read_text(encoding="utf-8")
NAMES = [name for name in re.findall(r'class="exhibit" href="#/(\w+)"', GALLERY) if name != "check"]


def test_the_gallery_lists_exhibits() -> None:
    assert {"digits", "identify", "detect", "dance"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_exhibit_forgets_its_visitors_and_shows_itself(name: str) -> None:
    source = (WEB / "py" / "exhibits" / f"{name}.py").read_text(encoding="utf-8")
    functions = {
        node.name: node for node in ast.parse(source).body if isinstance(node, ast.AsyncFunctionDef)
    }
    for wanted in ("open", "reset", "attract"):
        assert wanted in functions, f"exhibits/{name}.py has no 'async def {wanted}()'"
        assert not functions[wanted].args.args
