"""Shapes of inputs: what the file says, completed by the user's ``--shape``."""

from collections.abc import Iterable, Sequence

from converter.errors import SourceError


def check_names(shapes: Iterable[str], inputs: Iterable[str]) -> None:
    """Raise an error if a shape is given for an input that does not exist.

    Raises:
        SourceError: Names these inputs, and those that exist.
    """
    known = [*inputs]
    if unknown := set(shapes) - set(known):
        raise SourceError(
            f"has no input {', '.join(sorted(unknown))}; its inputs are {', '.join(known)}"
        )


def fixed(
    name: str,
    known: Sequence[int | str | None] | None,
    given: Sequence[int] | None,
    *,
    channels_first: bool = False,
) -> tuple[int, ...]:
    """Return the shape of an input; an open batch is 1.

    Args:
        name: The input.
        known: Its dimensions in the file: a size, or None or a symbolic name where it is open.
            None if the rank is open too.
        given: The user's shape, if there is one.
        channels_first: Whether the example in an error message is NCHW, for an open rank.

    Raises:
        SourceError: If dimensions are open, or the user's shape contradicts the file.
    """
    shown = "of any rank" if known is None else [side or "?" for side in known]
    if given is None:
        image = (1, 3, 0, 0) if channels_first else (1, 0, 0, 3)
        given = image if known is None else tuple(map(_size, range(len(known)), known))
    elif known is not None and not _fits(known, given):
        raise SourceError(f"{name}: has the shape {shown}, which {[*given]} does not fit")
    if any(side < 1 for side in given):
        example = ",".join(str(side if side > 0 else 224) for side in given)
        raise SourceError(
            f"{name}: shape {shown} has open sides; say what they are with --shape {name}={example}"
        )
    return tuple(given)


def _size(axis: int, side: int | str | None) -> int:
    """Return the size of a dimension: 1 for an open batch, 0 for others that are open."""
    return side if isinstance(side, int) and side else int(axis == 0)


def _fits(known: Sequence[int | str | None], given: Sequence[int]) -> bool:
    return len(known) == len(given) and all(
        not isinstance(old, int) or old in {0, new} for old, new in zip(known, given, strict=True)
    )
