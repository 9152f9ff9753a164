"""Passes: functions from Graph to Graph, which leave their argument unchanged."""

from converter.errors import GraphError
from converter.graph import Graph
from converter.passes.absorb import absorb
from converter.passes.batchnorm import batchnorm
from converter.passes.flatten import flatten
from converter.passes.fold import fold
from converter.passes.fuse import fuse
from converter.passes.layout import layout
from converter.passes.name import name
from converter.passes.pad import pad
from converter.passes.prelu import prelu
from converter.passes.prune import prune
from converter.passes.reshape import reshape
from converter.passes.share import share
from converter.passes.squeeze import squeeze

PASSES = (
    *(fold, batchnorm, prelu, prune),
    *(layout, squeeze, share),
    *(flatten, reshape, prune, pad),
    *(fuse, absorb, prune, fuse),
    *(name, prune),
)
"""All passes, in order: later ones rely on the results of earlier ones."""


def optimise(graph: Graph) -> Graph:
    """Return a graph that computes the same with fewer nodes; nodes are named after its outputs.

    Raises:
        GraphError: If nodes lack attributes, or have inputs of wrong shapes.
    """
    for each in PASSES:
        try:
            graph = each(graph)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            raise GraphError(
                f"the pass {each.__name__!r} cannot work with this graph: {reason}; its file is "
                "damaged, or has operations of a kind that no other file has"
            ) from error
    return graph
