"""The operations that TF.js can execute.

``vocabulary.txt`` lists the keys of ``metadata/kernel2op.json`` in @tensorflow/tfjs-converter; a
test compares it with the version that package.json pins.
"""

from functools import cache
from pathlib import Path

from converter.errors import UnsupportedError
from converter.graph import Graph, Node

_CALLS = frozenset({"If", "StatelessIf", "While", "StatelessWhile"})
"""TF.js executes these, but they call functions, which a Graph does not have."""


@cache
def operations() -> frozenset[str]:
    """Return the names of all operations that TF.js can execute in a `Graph`."""
    listed = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split()
    return frozenset(listed) - _CALLS


def unknown(graph: Graph) -> tuple[Node, ...]:
    """Return the nodes whose operation TF.js cannot execute."""
    return tuple(node for node in graph.nodes if node.op not in operations())


def check(graph: Graph) -> None:
    """Raise an error if TF.js cannot execute every operation.

    Raises:
        UnsupportedError: Lists every node whose operation TF.js lacks.
    """
    if nodes := unknown(graph):
        names = "; ".join(f"{node.op} {node.name}" for node in nodes)
        raise UnsupportedError(
            f"TF.js has no operation for {len(nodes)} of {len(graph.nodes)} nodes: {names}. "
            "Rebuild the model with other layers, or cut these off and compute them in Python"
        )
