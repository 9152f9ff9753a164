from importlib.util import find_spec
from pathlib import Path

import pytest

from bench import cli
from bench.comparisons import MODULES, ON_REQUEST
from bench.environments import BenchError
from bench.result import Result


@pytest.mark.parametrize("module", [*MODULES.values(), *ON_REQUEST.values()])
def test_every_comparison_has_its_module(module: str) -> None:
    assert find_spec(f"bench.comparisons.{module}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cold-strat"], "NAME: expected one of cold-start, "),
        (["sites"], "--old: expected together with sites"),
        (["formats", "--old", "dist"], "--old: expected together with sites"),
        (["formats", "--rounds", "0"], "--rounds: expected at least 1, got 0"),
    ],
)
def test_mistakes_are_told(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.parse(arguments)
    assert message in capsys.readouterr().err


def test_one_that_fails_keeps_none_from_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(name: str, *_: object) -> Result:
        if name == "formats":
            raise BenchError("TF.js, digits: no answer")
        return Result(name, f"{name}!", "", (), {})

    monkeypatch.setattr(cli, "FOLDER", tmp_path)
    monkeypatch.setattr(cli, "measure", measure)
    assert cli.main(["formats", "bytes"]) == 1
    assert [path.name for path in tmp_path.glob("*.json")] == ["bytes.json"]
    assert "formats: TF.js, digits: no answer" in capsys.readouterr().out


def test_what_was_measured_before_stays_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "FOLDER", tmp_path)
    monkeypatch.setattr(cli, "measure", lambda name, *_: Result(name, f"{name}!", "", (), {}))
    assert cli.main(["formats"]) == 0
    assert cli.main(["cold-start"]) == 0
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert text.index("cold-start!") < text.index("formats!")
