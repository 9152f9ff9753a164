import pytest

from kiosk.watchdog import Remedy, Symptom, Watchdog

STILL = Symptom("stands still")


def test_the_first_trouble_is_met_with_a_restart() -> None:
    assert Watchdog().decide(100, STILL, may_reload=True) is Remedy.RESTART


def test_what_does_not_help_is_followed_by_something_stronger() -> None:
    dog = Watchdog()
    times = (100, 130, 160, 190)
    assert [dog.decide(time, STILL, may_reload=True) for time in times] == [
        Remedy.RESTART,
        Remedy.REBUILD,
        Remedy.RELOAD,
        Remedy.RELOAD,
    ]


def test_after_a_minute_in_health_it_begins_anew() -> None:
    dog = Watchdog()
    dog.decide(100, STILL, may_reload=True)
    assert dog.decide(160, STILL, may_reload=True) is Remedy.RESTART


def test_the_same_trouble_is_not_treated_twice() -> None:
    dog = Watchdog()
    dog.decide(100, STILL, may_reload=True)
    assert dog.decide(100.5, STILL, may_reload=True) is None


def test_an_engine_that_is_lost_is_rebuilt_at_once() -> None:
    lost = Symptom("no answer", least=Remedy.REBUILD)
    assert Watchdog().decide(0, lost, may_reload=True) is Remedy.REBUILD


def test_what_visitors_bring_about_never_reloads_the_page() -> None:
    dog = Watchdog()
    notice = Symptom("nobody acted", most=Remedy.RESTART)
    assert [dog.decide(time, notice, may_reload=True) for time in (0, 20, 40)] == [
        Remedy.RESTART
    ] * 3


@pytest.mark.parametrize("may_reload", [True, False])
def test_a_page_that_was_just_loaded_is_not_loaded_again(may_reload: bool) -> None:
    grown = Symptom("memory", least=Remedy.RELOAD)
    expected = Remedy.RELOAD if may_reload else Remedy.REBUILD
    assert Watchdog().decide(0, grown, may_reload=may_reload) is expected
