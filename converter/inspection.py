"""A model's inputs, outputs, operations and weights, without converting it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from card import Tensor
from converter import readers, vocabulary
from converter.passes import optimise
from converter.readers import Source


@dataclass(frozen=True)
class Inspection:
    """Result of `inspect`.

    Attributes:
        runtime: Name and version of the runtime of the original.
        inputs: The model's inputs.
        outputs: The model's outputs.
        nodes: Number of nodes as read.
        ops: Number of nodes by operation after optimisation, sorted by name.
        unknown: Operations that TF.js cannot execute.
        weights: Number of weights after optimisation.
        parameters: Number of values in all weights.
        bytes: Size of the weights in float32.
    """

    runtime: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    nodes: int
    ops: Mapping[str, int]
    unknown: frozenset[str]
    weights: int
    parameters: int
    bytes: int


def inspect(
    source: Path | Source, shapes: Mapping[str, tuple[int, ...]] | None = None
) -> Inspection:
    """Read and optimise a model, and describe it.

    Args:
        source: The model's file, or a source from a reader.
        shapes: Shapes of inputs that the model's file leaves open, by name.

    Raises:
        ConverterError: If the model cannot be read.
    """
    model = source if isinstance(source, Source) else readers.read(source, shapes)
    graph = optimise(model.graph)
    arrays = graph.weights.values()
    return Inspection(
        runtime=model.runtime,
        inputs=graph.inputs,
        outputs=tuple(output.tensor for output in graph.outputs),
        nodes=len(model.graph.nodes),
        ops=dict(sorted(Counter(node.op for node in graph.nodes).items())),
        unknown=frozenset(node.op for node in vocabulary.unknown(graph)),
        weights=len(arrays),
        parameters=sum(array.size for array in arrays),
        bytes=sum(array.nbytes for array in arrays),
    )
