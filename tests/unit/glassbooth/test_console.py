import time

import pytest

from glassbooth import console


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0.0 kB"), (99_000, "99.0 kB"), (100_000, "0.1 MB"), (2_916_045, "2.9 MB")],
)
def test_bytes_are_rendered_for_people(size: int, text: str) -> None:
    assert console.megabytes(size) == text


def test_a_log_is_not_flooded(capsys: pytest.CaptureFixture[str]) -> None:
    meter = console.Meter("Fetching")
    for done in range(1000):
        meter.show_bytes(done, 1000)
    meter.clear()
    assert capsys.readouterr().out == ""


def test_a_log_shows_bytes_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "LOG_INTERVAL", 0)
    console.Meter("Fetching").show_bytes(1_000_000, 2_000_000)
    assert capsys.readouterr().out == "Fetching: 1.0 MB of 2.0 MB\n"


def test_a_task_says_when_it_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    with console.task("Installing"):
        pass
    assert capsys.readouterr().out == "Installing: done in 0.0 s\n"


def test_a_task_that_fails_is_not_said_to_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyError), console.task("Installing"):
        raise KeyError
    assert capsys.readouterr().out == ""


def test_a_long_task_shows_its_state(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "LOG_INTERVAL", 0)
    monkeypatch.setattr(console, "TTY_INTERVAL", 0.005)
    with console.task("Fetching", lambda: "3 of 4"):
        time.sleep(0.1)
    assert capsys.readouterr().out.startswith("Fetching: 3 of 4, 0 s\n")
