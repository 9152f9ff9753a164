"""State of the design page: move, choose, vary, mix, lock, undo."""

from collections import deque
from dataclasses import dataclass, replace
from random import Random

from exhibits.design import codes, design
from exhibits.design.design import Design
from exhibits.design.look import Look

UNDOS = 30
"""Most undo steps."""

VARIATIONS = 6
"""Number of variations offered at a time."""

STEP = 0.08
"""Step of an arrow key on the pad, whose sides are at -1 and 1."""


@dataclass(frozen=True, eq=False)
class _State:
    """Undoable state: the design, the pad around it, the point on the pad."""

    middle: Design
    plane: int
    x: float
    y: float


class Studio:
    """Editor of a design."""

    def __init__(self, seed: int, chance: Random) -> None:
        """Start with the designs of a seed: the current one, and one to mix it with.

        Args:
            seed: Seed of the first designs, which are the same for every visitor.
            chance: Generator for surprises.
        """
        self._origin = seed
        self._chance = chance
        self.begin_again()

    def begin_again(self) -> None:
        """Reset to the first design."""
        self._dice = Random(self._origin)
        self.locks: frozenset[str] = frozenset()
        self.ends = (design.drawn(self._dice), design.drawn(self._dice))
        self.share = 0.0
        self._doing = ""
        self._past: deque[_State] = deque(maxlen=UNDOS)
        self._set(_State(self.ends[0], self._seed(), 0.0, 0.0))

    @property
    def design(self) -> Design:
        """The design at the point on the pad."""
        return self._design

    @property
    def place(self) -> tuple[float, float]:
        """The point on the pad: right and down, each in -1..1."""
        return self._state.x, self._state.y

    @property
    def undoable(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._past)

    def move(self, x: float, y: float) -> None:
        """Move the point on the pad, clamped to its edges."""
        x, y = (min(1.0, max(-1.0, part)) for part in (x, y))
        self._set(replace(self._state, x=x, y=y))

    def choose(self, kind: int) -> None:
        """Change the kind of garment; keep shape and detail."""
        middle = self._state.middle
        code = replace(middle.code, kinds=codes.pure(kind))
        self._step(replace(self._state, middle=replace(middle, code=code)))

    def dress(self, look: Look, doing: str = "") -> None:
        """Change the look; consecutive changes with the same ``doing`` are one undo step."""
        self._step(replace(self._state, middle=replace(self._state.middle, look=look)), doing)

    def take(self, new: Design) -> None:
        """Continue from another design."""
        self._step(_State(new, self._seed(), 0.0, 0.0))

    def surprise(self) -> None:
        """Sample all parts that are not locked."""
        self.take(design.kept(self.design, design.drawn(self._chance), self.locks))

    def variations(self) -> list[Design]:
        """Return random variations of the current design."""
        now = self.design
        return [design.varied(now, self._dice, self.locks) for _ in range(VARIATIONS)]

    def lock(self, part: str, on: bool) -> None:
        """Lock or unlock a part; the current design does not change.

        Raises:
            ValueError: If the part is unknown.
        """
        if part not in design.PARTS:
            raise ValueError(f"part: expected one of {', '.join(design.PARTS)}, got {part!r}")
        now = self.design
        self.locks = self.locks | {part} if on else self.locks - {part}
        self._set(_State(now, self._state.plane, 0.0, 0.0))

    def hold(self, end: int) -> None:
        """Use the current design as one of the two to mix: 0 is the first, 1 the second."""
        first, second = self.ends
        self.ends = (self.design, second) if end == 0 else (first, self.design)

    def mix(self, share: float) -> None:
        """Mix the two designs, except for locked parts; consecutive calls are one undo step."""
        mixture = design.kept(self.design, design.mixed(*self.ends, share), self.locks)
        self.share = share
        self._step(_State(mixture, self._state.plane, 0.0, 0.0), "mix")

    def undo(self) -> None:
        """Undo the last step, if any."""
        if self._past:
            self._doing = ""
            self._set(self._past.pop())

    def _step(self, state: _State, doing: str = "") -> None:
        if not doing or doing != self._doing:
            self._past.append(self._state)
        self._doing = doing
        self._set(state)

    def _set(self, state: _State) -> None:
        middle, fixed = state.middle, self.locks & {"shape", "detail"}
        code = codes.walked(middle.code, state.plane, state.x, state.y, fixed)
        self._state, self._design = state, replace(middle, code=code)

    def _seed(self) -> int:
        return self._dice.randrange(2**32)
