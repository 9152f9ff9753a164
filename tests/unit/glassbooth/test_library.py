from pathlib import Path

import pytest

from glassbooth import library
from glassbooth.library import Library
from glassbooth.project import HERE


def test_a_checkout_keeps_what_it_makes_to_itself() -> None:
    assert not HERE.installed
    assert Library().root == HERE.root
    assert HERE.wheels == HERE.root / ".cache" / "wheels"


def test_a_wheel_keeps_what_it_makes_in_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "DATA", tmp_path)
    made = Library(tmp_path)
    assert made.installed
    assert made.wheels == tmp_path / "wheels"
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert made.cache == Path("/caches/glassbooth")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/maker"))
    assert made.cache == Path("/home/maker/.cache/glassbooth")
