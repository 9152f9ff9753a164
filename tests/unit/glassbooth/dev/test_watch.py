from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from glassbooth.dev.watch import changes, scan


def acting(*acts: Callable[[], object]) -> Callable[[float], object]:
    """Return a sleep function that performs one action per call, and nothing after the last."""
    waiting: Iterator[Callable[[], object]] = iter(acts)

    def sleep(_: float) -> None:
        next(waiting, lambda: None)()

    return sleep


def test_files_that_change_come_and_go_are_told_once_they_rest(tmp_path: Path) -> None:
    old, new, gone = tmp_path / "web/a.js", tmp_path / "web/b/c.py", tmp_path / "web/d.css"
    new.parent.mkdir(parents=True)
    old.write_text("1")
    gone.write_text("1")
    sleep = acting(lambda: old.write_text("22"), lambda: new.write_text("1"), gone.unlink)
    told = next(changes([tmp_path / "web"], sleep))
    assert told == [old, new, gone]


def test_each_change_is_told_once(tmp_path: Path) -> None:
    file = tmp_path / "booth.toml"
    nothing = acting(
        lambda: None,
        lambda: file.write_text("1"),
        lambda: None,
        lambda: None,
        lambda: file.write_text("22"),
    )
    assert list(islice(changes([file], nothing), 2)) == [[file], [file]]


def test_a_change_after_the_first_look_counts(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    following = changes([tmp_path], lambda _: None)
    file.write_text("1")
    assert next(following) == [file]


def test_what_is_no_source_is_left_out(tmp_path: Path) -> None:
    for name in ("a.py", "__pycache__/a.pyc", ".hidden/a.py", ".a.py.swp", "a.py~"):
        (tmp_path / "web" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "web" / name).write_text("1")
    assert list(scan([tmp_path / "web", tmp_path / "missing"])) == [tmp_path / "web/a.py"]
