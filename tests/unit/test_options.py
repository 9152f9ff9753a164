from typing import Any, Literal

import pytest

from card import CardError
from options import Option

Type = Literal["number", "numbers", "text", "flag", "sizes", "counts", "pairs"]


def option(kind: Type, default: object = None, choices: tuple[str, ...] = ()) -> Option:
    return Option("thing", kind, default, "how much of it", choices)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", "1", 1),
        ("number", "-0.5", -0.5),
        ("numbers", "127.5", 127.5),
        ("numbers", "1,-2,3e2", [1, -2, 300]),
        ("text", "hello there", "hello there"),
        ("flag", "true", True),
        ("flag", "false", False),
        ("sizes", "416x416,256x416", [[416, 416], [256, 416]]),
        ("counts", "shape=32,kinds=10", {"shape": 32, "kinds": 10}),
        ("counts", "shape=32, kinds=10", {"shape": 32, "kinds": 10}),
        ("pairs", "0-1,1-16", [[0, 1], [1, 16]]),
    ],
)
def test_a_text_of_the_command_line_becomes_a_value_that_a_card_takes(
    kind: Type, text: str, value: object
) -> None:
    parsed = option(kind).parse(text)
    assert parsed == value
    assert type(parsed) in {type(value), float}
    assert option(kind).value({"thing": parsed}) == value


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("number", "one", "expected a number, got 'one'"),
        ("number", "nan", "expected a number, got 'nan'"),
        ("number", "", "expected a number, got ''"),
        ("numbers", "1,", "expected a number, or a list of numbers, got '1,'"),
        ("numbers", "1,inf", "expected a number, or a list of numbers"),
        ("flag", "yes", "expected true or false, got 'yes'"),
        ("sizes", "416", "expected heights and widths, got '416'"),
        ("sizes", "416x416x3", "expected heights and widths"),
        ("sizes", "1.5x2", "expected heights and widths"),
        ("counts", "shape", "expected whole numbers by name, got 'shape'"),
        ("counts", "=3", "expected whole numbers by name"),
        ("counts", "shape=0", "expected whole numbers by name"),
        ("pairs", "0-1,2", "expected pairs of whole numbers, got '0-1,2'"),
    ],
)
def test_another_text_is_refused(kind: Type, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        option(kind).parse(text)


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("number", "1", "option thing: expected a number, got '1'"),
        ("number", True, "expected a number, got True"),
        ("number", float("inf"), "expected a number, got inf"),
        ("number", None, "expected a number, got None"),
        ("numbers", [], r"expected a number, or a list of numbers, got \[\]"),
        ("numbers", [1, "2"], "expected a number, or a list of numbers"),
        ("text", 3, "expected text, got 3"),
        ("flag", 1, "expected true or false, got 1"),
        ("sizes", [8, 8], r"expected heights and widths, got \[8, 8\]"),
        ("sizes", [[8, 8, 3]], "expected heights and widths"),
        ("sizes", [[8, 8.5]], "expected heights and widths"),
        ("counts", [32], "expected whole numbers by name"),
        ("counts", {"shape": 1.5}, "expected whole numbers by name"),
        ("counts", {"shape": True}, "expected whole numbers by name"),
        ("pairs", [[0]], "expected pairs of whole numbers"),
        ("pairs", "01", "expected pairs of whole numbers"),
    ],
)
def test_another_value_of_a_card_is_refused(kind: Type, value: Any, message: str) -> None:
    with pytest.raises(CardError, match=message):
        option(kind, default="another").value({"thing": value})


def test_a_card_without_it_has_the_default() -> None:
    assert option("sizes").value({}) is None
    assert option("number", 0.5).value({"other": 1}) == 0.5


def test_a_choice_is_one_of_a_few() -> None:
    colours = option("text", "rgb", ("rgb", "bgr"))
    assert colours.parse("bgr") == "bgr"
    assert colours.value({"thing": "bgr"}) == "bgr"
    with pytest.raises(ValueError, match="expected one of rgb, bgr, got 'hsv'"):
        colours.parse("hsv")
    with pytest.raises(CardError, match="option thing: expected one of rgb, bgr, got 'hsv'"):
        colours.value({"thing": "hsv"})
