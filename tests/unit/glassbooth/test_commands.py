import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from glassbooth import cli
from glassbooth.commands import build, check
from glassbooth.commands.converting import converter_errors
from glassbooth.errors import BuildError
from glassbooth.library import Library

BOOTH = 'title = "T"\n[[exhibit]]\npage = "digits"\n'


@pytest.fixture
def booth(tmp_path: Path) -> Path:
    (tmp_path / "booth.toml").write_text(BOOTH, "utf-8")
    return tmp_path


def test_every_command_says_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    for name, what in cli.COMMANDS.items():
        with pytest.raises(SystemExit, match="0"):
            cli.main([name, "--help"])
        said = capsys.readouterr().out
        assert said.startswith(f"usage: glassbooth {name} ")
        assert what[1:] in " ".join(said.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND; see glassbooth --help"),
        (["bild"], "invalid choice: 'bild'"),
        (["build", "--uot", "x"], "unrecognized arguments: --uot x"),
        (["serve", "--port", "65536"], "argument --port: invalid port value: '65536'"),
    ],
)
def test_a_wrong_command_line_is_told_in_a_sentence(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(arguments)
    said = capsys.readouterr().err
    assert message in said
    assert said.startswith("error: ")
    assert said.count("\n") == 1


def raising(error: BaseException) -> Callable[..., int]:
    def run(*_: Any) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (BuildError("There is no such booth."), 2, "error: There is no such booth.\n"),
        (PermissionError(13, "Permission denied", "/x"), 2, "error: /x: Permission denied.\n"),
        (OSError(28, "full", "/x"), 2, "error: the disk is full: free some space and run it"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_failures_are_sentences(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    message: str,
) -> None:
    monkeypatch.setattr(cli, "run", raising(error))
    assert cli.main(["build"]) == status
    assert capsys.readouterr().err.startswith(message)


def test_an_installation_without_its_data_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "Library", lambda: Library(tmp_path))
    assert cli.main(["build"]) == 2
    assert "has no data: install the wheel" in capsys.readouterr().err


def test_a_site_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build.check_target(out)
    out.mkdir()
    build.check_target(out)
    (out / "thesis.txt").touch()
    with pytest.raises(BuildError, match="holds something else than a site"):
        build.check_target(out)
    for name in ("index.html", "sw.js"):
        (out / name).touch()
    build.check_target(out)


def test_a_file_is_no_place_for_a_site(booth: Path) -> None:
    with pytest.raises(BuildError, match="holds something else than a site"):
        build.build(booth, booth / "booth.toml")


@pytest.mark.parametrize(("passed", "status"), [(True, 0), (False, 1)])
def test_check_fails_if_a_bundle_does(
    booth: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    passed: bool,
    status: int,
) -> None:
    models = {name: SimpleNamespace(folder=Path(name)) for name in ("good", "other")}
    monkeypatch.setattr(check, "plan", lambda *_: SimpleNamespace(models=models))
    monkeypatch.setattr(
        check,
        "check",
        lambda folder: SimpleNamespace(name=folder.name, passed=passed or folder.name == "good"),
    )
    monkeypatch.setattr("converter.summary.check_json", lambda each: json.dumps(vars(each)))
    assert cli.main(["check", "--json", "--booth", str(booth)]) == status
    told = json.loads(capsys.readouterr().out)
    assert [(each["name"], each["passed"]) for each in told] == [("good", True), ("other", passed)]


def test_errors_of_the_converter_are_sentences() -> None:
    from converter.errors import BundleError  # noqa: PLC0415 - the page's Python comes first

    with pytest.raises(BuildError, match="is damaged"), converter_errors():
        raise BundleError("it is damaged")
