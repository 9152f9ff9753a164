import pytest

from exhibits.design import look
from exhibits.design.fabrics import FABRICS
from exhibits.design.look import PALETTES, Look

BLACK = Look(look.palette("#000000", "#000000", "#000000"), "plain")
WHITE = Look(look.palette("#ffffff", "#ffffff", "#ffffff"), "dots")


def test_a_colour_is_read_and_written() -> None:
    assert look.colour("#ff8000") == (1, 128 / 255, 0)
    assert look.text(look.colour("#12aB9f")) == "#12ab9f"


@pytest.mark.parametrize("text", ["red", "#ff", "#gggggg", "#1234567", ""])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="colour: expected #rrggbb"):
        look.colour(text)


def test_a_mix_has_colours_between_and_the_nearer_fabric() -> None:
    grey = look.blend(BLACK, WHITE, 0.25)
    assert grey.colours == ((0.25,) * 3,) * 3
    assert grey.fabric == "plain"
    assert look.blend(BLACK, WHITE, 0.5).fabric == "dots"


def test_one_colour_is_changed() -> None:
    changed = look.recoloured(BLACK, 1, (1, 0, 0))
    assert changed.colours == ((0, 0, 0), (1, 0, 0), (0, 0, 0))


def test_a_look_is_approached_and_reached() -> None:
    nearer = look.approached(BLACK, WHITE, 0.4)
    assert nearer.colours[0] == (0.4,) * 3
    assert nearer.fabric == "dots"
    for _ in range(15):
        nearer = look.approached(nearer, WHITE, 0.4)
    assert nearer is WHITE


@pytest.mark.parametrize("title", PALETTES)
def test_a_garment_stands_out_from_its_ground_and_its_pattern_from_it(title: str) -> None:
    body, second, ground = (sum(each) / 3 for each in PALETTES[title])
    assert abs(body - ground) > 0.15
    assert abs(body - second) > 0.15


def test_there_is_some_choice() -> None:
    assert len(FABRICS) == len(PALETTES) == 8
