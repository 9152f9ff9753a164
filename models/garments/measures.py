"""Metrics that compare generated garments with real ones."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]

NEIGHBOURS = 5
"""Nearest neighbours that define a real garment's neighbourhood, as in the coverage paper."""

_CHUNK = 1000


def spread(points: Points) -> float:
    """Return the mean pairwise distance of points ``(N, D)``, N being 2 or more."""
    count = len(points)
    return float(distances(points, points).sum() / (count * (count - 1)))


def nearest(points: Points, others: Points) -> tuple[NDArray[np.intp], Points]:
    """Return index and distance of the nearest of ``(M, D)`` for each point of ``(N, D)``."""
    which, far = list[NDArray[np.intp]](), list[Points]()
    for start in range(0, len(points), _CHUNK):
        found = distances(points[start : start + _CHUNK], others)
        which.append(found.argmin(axis=1))
        far.append(found.min(axis=1))
    return np.concatenate(which), np.concatenate(far)


def coverage(real: Points, made: Points, neighbours: int = NEIGHBOURS) -> float:
    """Return the share of real garments with a generated one in their neighbourhood.

    M. F. Naeem et al.: Reliable Fidelity and Diversity Metrics for Generative Models, 2020.

    Args:
        real: ``(N, D)``, N being more than `neighbours`.
        made: ``(M, D)``.
        neighbours: Real neighbours that define a neighbourhood.
    """
    among = np.sort(distances(real, real), axis=1)[:, neighbours]  # the first is itself
    return float((nearest(real, made)[1] <= among).mean())


def distances(points: Points, others: Points) -> Points:
    """Return the Euclidean distances ``(N, M)`` between points ``(N, D)`` and ``(M, D)``.

    A point's distance to itself is 0 within rounding, and exactly 0 if both arguments are the same
    array.
    """
    squares = (points**2).sum(1)[:, None] + (others**2).sum(1) - 2 * points @ others.T
    apart: Points = np.sqrt(np.maximum(squares, 0))
    if points is others:
        np.fill_diagonal(apart, 0)
    return apart
