import json

import pytest

from kiosk.settings import Settings, SettingsError

KNOWN = ("digits", "dance", "design")


def test_what_is_usual() -> None:
    settings = Settings(("dance",))
    assert (settings.idle, settings.ask, settings.works_kept) == (60, 10, 0)


def test_the_address_names_times() -> None:
    settings = Settings(("dance",)).with_address({"idle": "30", "kiosk": "dance", "ask": "5.5"})
    assert settings == Settings(("dance",), idle=30, ask=5.5)


def test_what_was_kept_comes_back() -> None:
    kept = Settings(("dance", "digits"), idle=45, camera="x", keeps=True, salt="s", pin="p")
    again = Settings(("design",), idle=10).with_json(kept.to_json(), KNOWN)
    assert again == kept
    assert again.works_kept == 50


def test_another_version_of_the_site_may_know_more_or_less() -> None:
    kept = json.dumps({"exhibits": ["juggling", "dance"], "idle": 20, "music": True})
    assert Settings(("digits",)).with_json(kept, KNOWN) == Settings(("dance",), idle=20)
    gone = json.dumps({"exhibits": ["juggling"]})
    assert Settings(("digits",)).with_json(gone, KNOWN).exhibits == ("digits",)


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", "{}", '{"exhibits": 3}', '{"exhibits": ["dance"], "idle": "x"}']
)
def test_damaged_settings_are_told(kept: str) -> None:
    with pytest.raises(SettingsError, match="are damaged"):
        Settings(("digits",)).with_json(kept, KNOWN)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(SettingsError, match="at least one exhibit"):
        Settings(())
    with pytest.raises(SettingsError, match=r"'idle' is 0 s; give 1 to 3600"):
        Settings(("dance",), idle=0)
    with pytest.raises(SettingsError, match=r"\?ask=soon: give a number"):
        Settings(("dance",)).with_address({"ask": "soon"})
