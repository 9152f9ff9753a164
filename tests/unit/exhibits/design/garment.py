"""Synthetic codes and drawings."""

import numpy as np

from exhibits.design.design import Design
from exhibits.design.garments import Code, Numbers
from exhibits.design.look import Look, palette

RED_ON_WHITE = Look(palette("#ff0000", "#0000ff", "#ffffff"), "plain")


def code(shape: float = 1, detail: float = 1, kind: int = 0) -> Code:
    """Return a code of different numbers with a given mean magnitude."""
    numbers = np.tile(np.array([1, -1, 0.5, -1.5], np.float32), 8)
    kinds = np.zeros(10, np.float32)
    kinds[kind] = 1
    return Code(numbers * np.float32(shape), numbers[::-1] * np.float32(detail), kinds)


def design(kind: int = 0, look: Look = RED_ON_WHITE) -> Design:
    return Design(code(kind=kind), look)


def rectangle(top: int = 6, bottom: int = 22, left: int = 8, right: int = 20) -> Numbers:
    """Return the drawing of a rectangular garment of uniform brightness."""
    drawing = np.zeros((28, 28), np.float32)
    drawing[top:bottom, left:right] = 0.8
    return drawing
