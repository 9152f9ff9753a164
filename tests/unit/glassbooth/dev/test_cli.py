import ast
import errno
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from glassbooth.dev import cli, venv
from glassbooth.errors import BuildError
from glassbooth.project import HERE

BUILD = HERE.root / "build.py"


class Version(NamedTuple):
    """Stand-in for `sys.version_info`."""

    major: int
    minor: int


@pytest.mark.parametrize("version", [Version(2, 7), Version(3, 6), Version(3, 10)])
def test_an_old_python_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, version: Version
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as raised:
        exec(compile(BUILD.read_text(), "build.py", "exec"), {"__name__": "__main__"})
    text = str(raised.value.code)
    assert text.startswith(
        f"Glassbooth needs Python 3.11 or newer, and this is Python {version.major}.{version.minor}"
    )
    assert "https://www.python.org/downloads/" in text


def test_an_old_python_can_read_the_file() -> None:
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(BUILD.read_text())):
        assert not isinstance(node, newer)
        assert not getattr(node, "annotation", None)
        assert not getattr(node, "returns", None)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"command": None}),
        (["serve"], {"command": "serve", "port": 8000}),
        (["serve", "--port", "0"], {"command": "serve", "port": 0}),
        (["test"], {"command": "test", "pytest": []}),
        (["test", "-k", "ink", "tests/unit"], {"pytest": ["-k", "ink", "tests/unit"]}),
        (["dev", "--port", "0"], {"command": "dev", "port": 0}),
        (["check"], {"command": "check", "fix": False}),
        (["check", "--fix"], {"fix": True}),
        (["wheel"], {"command": "wheel", "out": Path()}),
        (["wheel", "--out", "wheels"], {"out": Path("wheels")}),
        (["models", "digits"], {"command": "models", "names": ["digits"]}),
        (["bench", "bytes", "--rounds", "1"], {"bench": ["bytes", "--rounds", "1"]}),
        (["bench", "--help"], {"command": "bench", "bench": ["--help"]}),
    ],
)
def test_commands_are_read(arguments: list[str], expected: dict[str, Any]) -> None:
    assert vars(cli.parse(arguments)).items() >= expected.items()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sevre"], "invalid choice: 'sevre'"),
        (["serve", "--prot", "1"], "unknown arguments: --prot"),
        (["serve", "--port", "65536"], "invalid port value: '65536'"),
        (["serve", "--port", "http"], "invalid port value: 'http'"),
    ],
)
def test_mistakes_are_told(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.parse(arguments)
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (BuildError("The wheel is wrong: do this."), 1, "\nThe wheel is wrong: do this.\n"),
        (OSError(errno.ENOSPC, "full"), 1, "\nThe disk is full: free some space"),
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
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(venv, "enter", lambda *_: None)
    monkeypatch.setattr(cli, "run", fail)
    assert cli.main([]) == status
    assert capsys.readouterr().err.startswith(message)


def test_a_defect_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        raise FileNotFoundError(errno.ENOENT, "No such file", "x")

    monkeypatch.setattr(venv, "enter", lambda *_: None)
    monkeypatch.setattr(cli, "run", fail)
    with pytest.raises(FileNotFoundError):
        cli.main([])
