import numpy as np
import pytest

from models.cases import case, named
from tests.unit.cards import model

CARD = model({"picture": (1, 2), "row": (1, 3)}, {"classes": (1, 4), "number": (1, 1)})


def test_inputs_are_in_the_order_of_the_card() -> None:
    picture, row = np.zeros((1, 2)), np.ones((1, 3))
    assert case({"row": row, "picture": picture}, CARD) == (picture, row)


def test_outputs_have_the_names_of_the_card() -> None:
    classes, number = np.zeros((1, 4)), np.ones((1, 1))
    assert named([classes, number], CARD) == {"classes": classes, "number": number}
    with pytest.raises(ValueError, match="shorter"):
        named([classes], CARD)
