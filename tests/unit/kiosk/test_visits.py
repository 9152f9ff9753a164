import pytest

from kiosk.visits import Phase, Visits, VisitState, following


def visits() -> Visits:
    return Visits(idle=60, ask=10)


def test_nobody_is_there_until_somebody_touches() -> None:
    ours = visits()
    assert ours.update(1000) == VisitState(Phase.ATTRACT)
    ours.touch(1001)
    assert ours.update(1001) == VisitState(Phase.VISIT)
    assert ours.count == 1


def test_a_visitor_who_rests_is_asked_and_then_has_left() -> None:
    ours = visits()
    ours.touch(0)
    assert ours.update(59.9).phase is Phase.VISIT
    assert ours.update(60) == VisitState(Phase.ASKING, 10)
    assert ours.update(67) == VisitState(Phase.ASKING, 3)
    assert ours.update(70) == VisitState(Phase.ATTRACT)
    assert ours.update(71) == VisitState(Phase.ATTRACT)


def test_a_sign_of_life_answers_the_question_and_is_no_other_visitor() -> None:
    ours = visits()
    ours.touch(0)
    assert ours.update(65).phase is Phase.ASKING
    ours.touch(66)
    assert ours.update(66).phase is Phase.VISIT
    assert ours.update(125.9).phase is Phase.VISIT
    assert ours.update(126).phase is Phase.ASKING
    assert ours.count == 1


def test_a_device_that_slept_asks_nobody() -> None:
    ours = visits()
    ours.touch(0)
    assert ours.update(5000) == VisitState(Phase.ATTRACT)


def test_a_visit_can_be_ended_and_the_next_one_counts() -> None:
    ours = visits()
    ours.touch(0)
    ours.leave()
    assert ours.update(1).phase is Phase.ATTRACT
    ours.touch(2)
    assert ours.count == 2


@pytest.mark.parametrize(
    ("name", "next_one"), [("dance", "design"), ("design", "dance"), ("gone", "dance")]
)
def test_exhibits_come_in_turn(name: str, next_one: str) -> None:
    assert following(("dance", "design"), name) == next_one
