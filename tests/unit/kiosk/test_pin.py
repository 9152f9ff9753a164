import pytest

from kiosk.pin import Door, hashed, is_possible


@pytest.mark.parametrize(
    ("pin", "possible"),
    [("1234", True), ("12345678", True), ("123", False), ("123456789", False), ("12a4", False),
     ("", False), ("²³¹²", False)],
)  # fmt: skip
def test_a_pin_is_four_to_eight_digits(pin: str, possible: bool) -> None:
    assert is_possible(pin) is possible


def test_a_hash_is_salted_sha_256() -> None:
    assert hashed("1234", "a") == "3dc2252a9a5cbdbba0eb7211a93e92663460a85f8d4260b2caca18f742747bc0"
    assert hashed("1234", "a") != hashed("1234", "b")


def test_the_right_pin_opens_and_a_wrong_one_does_not() -> None:
    door = Door()
    assert not door.admits(0, "0000", "salt", hashed("1234", "salt"))
    assert door.admits(0, "1234", "salt", hashed("1234", "salt"))


def test_wrong_pins_are_followed_by_waits_that_grow() -> None:
    door, right = Door(), hashed("1234", "s")
    for _ in range(3):
        assert not door.admits(0, "0000", "s", right)
    assert door.wait(0) == 10
    assert not door.admits(5, "1234", "s", right)  # the right one, too early
    assert not door.admits(10, "0000", "s", right)
    assert door.wait(10) == 20
    assert door.admits(30, "1234", "s", right)
    assert door.wait(30) == 0
