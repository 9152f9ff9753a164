"""Page, engine and builder contain no names of models or exhibits, which come from booths."""

import re
from pathlib import Path

import pytest

from glassbooth.booth import read_booth

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
BOOTH = read_booth(ROOT)
NAMES = {
    *(path.parent.name for path in ROOT.glob("models/*/card.json")),
    *(path.parent.name for path in WEB.glob("py/exhibits/*/exhibit.toml")),
    *(entry.name for entry in BOOTH.exhibits),
}
VERBS = {"check", "design"}
"""Names that are also English words; they count only in addresses."""
VERB = "|".join(sorted(VERBS))
FILES = sorted(
    [
        *WEB.glob("js/**/*.js"),
        *WEB.glob("py/host/**/*.py"),
        WEB / "py/main.py",
        *ROOT.glob("glassbooth/**/*.py"),
        *ROOT.glob("glassbooth/**/*.mjs"),
    ]
)
WORDS = re.compile(
    rf"(?<![\w-])({'|'.join(sorted(map(re.escape, NAMES - VERBS)))})s?(?![\w-])", re.I
)
PLACES = re.compile(rf"(exhibits[./]|#/)({VERB})\b|['\"]({VERB})-")


def found(text: str) -> list[str]:
    """Return the lines that contain a name."""
    return [line for line in text.splitlines() if WORDS.search(line) or PLACES.search(line)]


def test_names_are_those_of_models_and_exhibits() -> None:
    assert {"digits", "movenet", "efficientnet-lite0", "identify", "dance", "check"} <= NAMES
    assert VERBS < NAMES


@pytest.mark.parametrize(
    "line",
    [
        "go('#/check')",
        "import exhibits.check.exhibit",
        "find('check-run')",
        "# the digits page",
        "load('digits')",
        "every dance and movenet",
        "Dances stay",
        "'models/efficientnet-lite0/card.json'",
    ],
)
def test_a_name_is_found(line: str) -> None:
    assert found(f"first\n{line}\nlast") == [line]


@pytest.mark.parametrize("line", ["check the file", "run(check=False)", "a.check()", "dancer"])
def test_other_words_are_not(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_name_of_a_model_or_an_exhibit(path: Path) -> None:
    assert found(path.read_text(encoding="utf-8")) == []


def test_many_files_are_read() -> None:
    assert len(FILES) > 70
