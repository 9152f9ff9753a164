"""Styles of the partner's figure: proportions, motion and colours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exhibits.dance.body import JOINTS, PARENTS, PROPORTIONS, Moves


def _both(*parts: str) -> list[int]:
    return [JOINTS.index(f"{side} {part}") for side in ("left", "right") for part in parts]


_TRUNK = [JOINTS.index("neck")]
_NECK = [JOINTS.index("head")]
_WIDE = _both("shoulder", "hip")
_ARMS = _both("elbow", "wrist")


@dataclass(frozen=True)
class Style:
    """Style of a figure.

    Attributes:
        name: Identifier, in lower case.
        title: Title shown to the visitor.
        trunk: Length of the trunk, relative to a person with the same legs.
        neck: Length of the neck, likewise.
        wide: Width of shoulders and hips, likewise.
        arms: Length of the arms, likewise.
        limb: Thickness of the limbs, as a share of a person's height.
        head: Radius of the head, as a share of a person's height.
        colours: CSS colours of the body, the left limbs, the right limbs, and the ground.
        snap: Duration of a change of posture, as a share of a beat; small values look mechanical.
        bounce: Drop of the hips on each beat, as a share of the leg.
        postures: Names of improvised postures; see `exhibits.dance.improvising`.
    """

    name: str
    title: str
    trunk: float
    neck: float
    wide: float
    arms: float
    limb: float
    head: float
    colours: tuple[str, str, str, str]
    snap: float
    bounce: float
    postures: tuple[str, ...]


STYLES = (
    Style(
        name="ink",
        title="Ink",
        trunk=1.0,
        neck=1.1,
        wide=0.8,
        arms=1.15,
        limb=0.035,
        head=0.06,
        colours=("#f4f1ea", "#f4f1ea", "#c9c2b2", "#1d2330"),
        snap=0.9,
        bounce=0.04,
        postures=("wave", "arch", "swan", "reach", "sway"),
    ),
    Style(
        name="robot",
        title="Robot",
        trunk=0.95,
        neck=0.9,
        wide=1.35,
        arms=1.0,
        limb=0.075,
        head=0.085,
        colours=("#9fb4c7", "#63e6be", "#ffd43b", "#14202b"),
        snap=0.3,
        bounce=0.02,
        postures=("clock", "square", "point", "hinge"),
    ),
    Style(
        name="panda",
        title="Panda",
        trunk=1.25,
        neck=1.5,
        wide=1.5,
        arms=0.85,
        limb=0.11,
        head=0.15,
        colours=("#ffffff", "#2b2b2b", "#2b2b2b", "#2f6b45"),
        snap=0.6,
        bounce=0.1,
        postures=("sway", "hips", "wave", "cheer"),
    ),
    Style(
        name="star",
        title="Star",
        trunk=0.85,
        neck=1.0,
        wide=1.0,
        arms=1.4,
        limb=0.05,
        head=0.07,
        colours=("#ff6bcb", "#ffe066", "#66d9e8", "#2a0f45"),
        snap=0.5,
        bounce=0.07,
        postures=("point", "cheer", "arch", "reach", "hips"),
    ),
)


def lengths(style: Style) -> NDArray[np.float64]:
    """Return the bones' lengths ``(15,)`` in a person's height.

    Every style has a person's legs, so feet on the ground stay on the ground in all styles.
    """
    bones = PROPORTIONS.copy()
    parts = ((_TRUNK, style.trunk), (_NECK, style.neck), (_WIDE, style.wide), (_ARMS, style.arms))
    for rows, factor in parts:
        bones[rows] *= factor
    return bones


def retargeted(moves: Moves, style: Style) -> NDArray[np.float64]:
    """Return the joints of a figure that does these moves.

    Args:
        moves: Moves, in the order of `exhibits.dance.body.JOINTS`.
        style: Style of the figure.

    Returns:
        ``(15, 2) float64``: x right, y down from the hips at rest, in a person's height.
    """
    bones = moves * lengths(style)[:, np.newaxis]
    joints = np.zeros_like(bones)
    joints[0] = bones[0]
    for joint, parent in enumerate(PARENTS[1:], 1):
        joints[joint] = joints[parent] + bones[joint]
    return joints
