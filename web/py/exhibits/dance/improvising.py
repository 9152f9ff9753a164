"""Improvised moves: a new posture every second beat, and a bounce on every beat."""

import math
import random
from dataclasses import dataclass

import numpy as np

from exhibits.dance.body import REST, Moves, mirrored
from exhibits.dance.styles import Style

BEATS = 2
"""Beats per posture, the transition included."""


@dataclass(frozen=True)
class Posture:
    """Posture of arms and trunk; angles in degrees.

    Attributes:
        left: Left upper arm and forearm: 0 is down, 90 outward, 180 up.
        right: Right upper arm and forearm, likewise.
        lean: Tilt of the trunk to its left.
        sway: Shift of the hips to the left, in leg lengths.
    """

    left: tuple[float, float]
    right: tuple[float, float]
    lean: float = 0
    sway: float = 0


POSTURES = {
    "wave": Posture((80, 170), (20, 10), 6, 0.1),
    "arch": Posture((150, 200), (150, 200)),
    "swan": Posture((100, 70), (100, 70), 0, 0.05),
    "reach": Posture((140, 140), (30, 40), 12, 0.18),
    "sway": Posture((30, 20), (60, 90), -6, 0.2),
    "clock": Posture((90, 180), (90, 0)),
    "square": Posture((90, 180), (90, 180), 0, 0.08),
    "point": Posture((135, 135), (45, -60), 8, 0.12),
    "hinge": Posture((90, 0), (90, 0), -8, 0.1),
    "hips": Posture((50, -40), (50, -40), 0, 0.2),
    "cheer": Posture((165, 165), (165, 165), 0, 0.1),
}
"""Postures by name, as listed in styles."""


def improvised(beats: float, style: Style, seed: int) -> Moves:
    """Return the improvised moves of a style.

    Args:
        beats: Number of beats since the start, fractions included.
        style: Style of the figure, which lists the postures.
        seed: Seed of the order of postures.
    """
    turn = math.floor(beats / BEATS)
    share = min(1.0, (beats - turn * BEATS) / (BEATS * style.snap))
    eased = share * share * (3 - 2 * share)
    before, after = _posture(turn - 1, style, seed), _posture(turn, style, seed)
    moves = before + eased * (after - before)
    return _bent(moves, style.bounce * (1 - math.cos(2 * math.pi * beats)) / 2)


def _posture(turn: int, style: Style, seed: int) -> Moves:
    """Return the posture of a turn; every second one is mirrored."""
    choice = random.Random(f"{seed} {turn}").choice(style.postures)
    moves = _moves(POSTURES[choice])
    return mirrored(moves) if turn % 2 else moves


def _moves(posture: Posture) -> Moves:
    moves = REST.copy()
    moves[0, 0] = posture.sway
    lean = math.radians(posture.lean)
    moves[1:3] = math.sin(lean), -math.cos(lean)
    moves[3:5] = [[math.cos(lean), math.sin(lean)], [-math.cos(lean), -math.sin(lean)]]
    for rows, angles, side in (((5, 7), posture.left, 1), ((6, 8), posture.right, -1)):
        for row, angle in zip(rows, np.radians(angles), strict=True):
            moves[row] = side * math.sin(angle), math.cos(angle)
    # The legs compensate the sway, so the feet do not move.
    moves[11:15] = -posture.sway, math.sqrt(1 - posture.sway**2)
    moves[0, 1] = 1 - math.sqrt(1 - posture.sway**2)
    return moves


def _bent(moves: Moves, depth: float) -> Moves:
    """Return the moves with bent knees: hips lower by a share of the leg, feet unmoved."""
    bent = moves.copy()
    bent[0, 1] += depth
    bent[11:15, 1] -= depth
    out = math.sqrt(max(0.0, 1 - (1 - depth) ** 2))
    bent[[11, 14], 0] += out
    bent[[12, 13], 0] -= out
    return bent
