import json
from random import Random

import numpy as np
import pytest

from exhibits.design import codes
from exhibits.design import design as designs
from exhibits.design.design import Design, Sheet
from exhibits.design.look import PALETTES, Look
from tests.unit.exhibits.design.garment import RED_ON_WHITE, code, design, rectangle

ALL = frozenset(designs.PARTS)
LABELS = ("T-shirt", "Trousers", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
          "Ankle boot")  # fmt: skip
OTHER = Design(code(shape=-1, detail=2, kind=7), Look(PALETTES["Plum"], "knit"))


def changed(one: Design, other: Design) -> set[str]:
    """Return which parts of two designs differ."""
    differ = {
        "shape": not np.array_equal(one.code.shape, other.code.shape),
        "detail": not np.array_equal(one.code.detail, other.code.detail),
        "garment": not np.array_equal(one.code.kinds, other.code.kinds),
        "colours": one.look.colours != other.look.colours,
        "fabric": one.look.fabric != other.look.fabric,
    }
    return {part for part, differs in differ.items() if differs}


@pytest.mark.parametrize("part", designs.PARTS)
def test_what_is_locked_is_kept_and_nothing_else(part: str) -> None:
    kept = designs.kept(design(), OTHER, frozenset({part}))
    assert changed(design(), kept) == ALL - {part}
    assert changed(OTHER, kept) == {part}


def test_a_variation_is_the_same_garment_and_near() -> None:
    start = designs.drawn(Random(1))
    varied = [designs.varied(start, Random(seed), frozenset()) for seed in range(2, 22)]
    seen = [changed(start, each) for each in varied]
    assert all({"shape", "detail"} <= each for each in seen)
    assert not any("garment" in each for each in seen)
    assert any("colours" in each for each in seen)
    assert any("colours" not in each for each in seen)
    near = [float(start.code.shape @ each.code.shape) for each in varied]
    assert min(near) > 0.4 * float(start.code.shape @ start.code.shape)


def test_a_variation_of_a_locked_garment_is_dressed_anew() -> None:
    start = design()
    locks = frozenset({"shape", "detail"})
    seen = [changed(start, designs.varied(start, Random(seed), locks)) for seed in range(20)]
    assert all(each <= {"colours", "fabric"} for each in seen)
    assert all("colours" in each for each in seen)


def test_where_all_is_locked_nothing_varies() -> None:
    assert changed(OTHER, designs.varied(OTHER, Random(1), ALL)) == set()


def test_designs_drawn_by_chance_differ_and_can_be_drawn_again() -> None:
    assert changed(designs.drawn(Random(1)), designs.drawn(Random(1))) == set()
    kinds = {int(designs.drawn(Random(seed)).code.kinds.argmax()) for seed in range(60)}
    assert kinds == set(range(10))


def test_on_its_way_a_design_comes_nearer_with_time_and_arrives() -> None:
    start, shown = designs.drawn(Random(1)), designs.drawn(Random(2))
    # In one time constant, what is left is a share of 1/e, however many frames there are.
    for _ in range(12):
        shown = designs.approached(shown, start, designs.EASE / 12)
    once = designs.approached(designs.drawn(Random(2)), start, designs.EASE)
    assert codes.distance(shown.code, once.code) < 0.05
    assert not designs.same(shown, start)
    for _ in range(100):
        shown = designs.approached(shown, start, 0.02)
    assert designs.same(shown, start)


@pytest.mark.parametrize(
    ("share", "name"),
    [(0, "Dress, plain"), (0.1, "Dress, plain"), (0.4, "Dress × Coat, plain"),
     (0.7, "Coat × Dress, plain"), (1, "Coat, plain")],
)  # fmt: skip
def test_a_design_is_called_what_it_is(share: float, name: str) -> None:
    mixed = codes.mixed(code(kind=3), code(kind=4), share)
    assert designs.name(Design(mixed, RED_ON_WHITE), LABELS) == name


def test_a_page_of_the_look_book_is_read_as_it_was_written() -> None:
    sheet = Sheet(designs.drawn(Random(4)), rectangle())
    read = designs.from_json(designs.to_json(sheet))
    assert changed(sheet.design, read.design) <= {"colours"}
    np.testing.assert_allclose(read.design.look.colours, sheet.design.look.colours, atol=1 / 255)
    np.testing.assert_allclose(read.drawing, sheet.drawing, atol=0.5 / 255)
    assert designs.to_json(read) == designs.to_json(sheet)


def test_the_format_of_a_page() -> None:
    told = json.loads(designs.to_json(Sheet(design(kind=2), rectangle())))
    assert told["format"] == "glassbooth-design-1"
    assert told["kinds"] == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert told["colours"] == {"body": "#ff0000", "second": "#0000ff", "ground": "#ffffff"}
    assert told["fabric"] == "plain"
    assert len(told["drawing"]) == 1048


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "glassbooth-design-2"}, "format: expected glassbooth-design-1"),
        ({"shape": [1, 2]}, "shape: expected shape"),
        ({"fabric": "tweed"}, "fabric: expected one of plain"),
        ({"colours": {}}, "body"),
        ({"drawing": "AAAA"}, "reshape"),
    ],
)
def test_what_is_no_page_is_refused(change: dict[str, object], message: str) -> None:
    told = json.loads(designs.to_json(Sheet(design(), rectangle())))
    with pytest.raises(ValueError, match=f"design: expected a page of a look-book.*{message}"):
        designs.from_json(json.dumps({**told, **change}))


@pytest.mark.parametrize("text", ["", "[]", "null", "{"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="design: expected a page of a look-book"):
        designs.from_json(text)
