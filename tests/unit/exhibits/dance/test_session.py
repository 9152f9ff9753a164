import numpy as np

from exhibits.dance.session import DancePhase, DanceState, Session
from pose import Pose
from tests.unit.exhibits.dance.people import hands_up, person, times, without


def course(session: Session, seconds: float, start: float, pose: Pose | None) -> list[DanceState]:
    return [session.update(time, pose) for time in times(seconds, start)]


def started() -> Session:
    """Return a session whose count-down began just before 1 s."""
    session = Session()
    course(session, 1, 0, hands_up())
    return session


def test_it_runs_its_course() -> None:
    session = Session()
    stages: list[tuple[DancePhase, float]] = []
    for time in times(30):
        pose = None if time < 1 or time > 20 else hands_up() if 2 < time < 4 else person()
        moment = session.update(time, pose)
        if not stages or stages[-1][0] is not moment.phase:
            stages.append((moment.phase, time))
    assert [stage for stage, _ in stages] == [
        DancePhase.ATTRACT,
        DancePhase.INVITE,
        DancePhase.COUNT_DOWN,
        DancePhase.DANCE,
        DancePhase.PLAYBACK,
        DancePhase.ATTRACT,
    ]
    # Within two pictures: a stage begins with the first picture after its time has come.
    at = [time for _, time in stages]
    np.testing.assert_allclose(at, [0, 1, 2.63, 5.63, 15.63, 27.63], atol=0.07)


def test_it_counts_three_two_one() -> None:
    moments = course(started(), 4, 1, person())
    counts = [moment.count for moment in moments if moment.phase is DancePhase.COUNT_DOWN]
    assert sorted(set(counts), reverse=True) == [3, 2, 1]
    assert counts == sorted(counts, reverse=True)
    assert {moment.count for moment in moments if moment.phase is DancePhase.DANCE} == {0}


def test_raising_hands_can_be_shown() -> None:
    session = Session()
    assert session.update(0, person()).raised == 0
    session.update(0.1, hands_up())
    assert 0.4 < session.update(0.4, hands_up()).raised < 0.6
    assert session.update(0.8, hands_up()) == DanceState(DancePhase.COUNT_DOWN, 0.0, 3, 0.0)


def test_hands_that_stay_up_do_not_start_another_dance() -> None:
    session = started()
    stages = [moment.phase for moment in course(session, 30, 1, hands_up())]
    assert stages.index(DancePhase.PLAYBACK) < stages.index(DancePhase.INVITE)
    assert DancePhase.COUNT_DOWN not in stages[stages.index(DancePhase.DANCE) :]


def test_hands_up_in_playback_starts_the_next_dance() -> None:
    session = started()
    course(session, 14, 1, person())
    assert session.update(15, person()).phase is DancePhase.PLAYBACK
    assert course(session, 1, 15.1, hands_up())[-1].phase is DancePhase.COUNT_DOWN


def test_a_count_down_without_a_dancer_is_called_off() -> None:
    session = started()
    assert course(session, 1.5, 1, None)[-1].phase is DancePhase.COUNT_DOWN
    assert course(session, 1, 2.5, None)[-1].phase is DancePhase.ATTRACT


def test_a_dance_goes_on_without_its_dancer() -> None:
    session = started()
    course(session, 5, 1, person())
    assert course(session, 5, 6, None)[-1].phase is DancePhase.DANCE


def test_a_dance_takes_ten_seconds_of_the_stream_also_if_pictures_are_rare() -> None:
    session = started()
    course(session, 4, 1, person())
    assert session.update(5, person()).phase is DancePhase.DANCE
    assert session.update(13.5, person()).phase is DancePhase.DANCE
    assert session.update(14, person()).phase is DancePhase.PLAYBACK


def test_a_button_starts_it_too_but_never_disturbs_a_dance() -> None:
    session = Session()
    session.update(0, person())
    session.begin(1)
    assert session.update(1.1, person()).phase is DancePhase.COUNT_DOWN
    assert session.update(4.1, person()).phase is DancePhase.DANCE
    session.begin(5)
    assert session.update(5.1, person()) == DanceState(DancePhase.DANCE, 5.1 - 4.1, 0, 0.0)


def test_a_button_pressed_after_a_picture_was_taken_counts_from_three() -> None:
    session = Session()
    session.update(0, person())
    session.begin(1)
    assert session.update(0.99, person()) == DanceState(DancePhase.COUNT_DOWN, 0.0, 3, 0.0)


def test_somebody_is_there_if_their_shoulders_are_seen() -> None:
    session = Session()
    assert session.update(0, without(person(), "left shoulder")).phase is DancePhase.ATTRACT
    assert session.update(0.1, person()).phase is DancePhase.INVITE
    assert session.update(2, None).phase is DancePhase.INVITE
    assert session.update(2.2, None).phase is DancePhase.ATTRACT
