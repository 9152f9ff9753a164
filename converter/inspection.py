"""What a model consists of, before it is converted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from converter import readers, vocabulary
from converter.passes import optimise
from converter.readers import Source
from vision.card import Tensor


@dataclass(frozen=True)
class Inspection:
    """What a model consists of.

    Attributes:
        runtime: What it comes from: name and version.
        inputs: What it takes.
        outputs: What it gives.
        nodes: How many nodes it has as it was read.
        ops: How many of each operation it has after optimisation, in order of their names.
        unknown: Those operations that TF.js does not know.
        weights: How many arrays of weights it has.
        parameters: How many values they hold.
        bytes: How many bytes they take in float32.
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
    """Tell what a model consists of.

    Args:
        source: The model's file, or what a reader made of a model in memory.
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
