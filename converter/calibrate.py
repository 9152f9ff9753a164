"""What rounding weights does to a network, made up for with what typical inputs look like inside.

Rounding each weight to its nearest step is not the best for what is computed with them. The error
of one can be made up for by those that come after it, as far as their inputs go together
(E. Frantar, S. Ashkboos, T. Hoefler, D. Alistarh: GPTQ, ICLR 2023). What is still lost on average
is taken back out of the biases (M. Nagel, M. van Baalen, T. Blankevoort, M. Welling: Data-Free
Quantization Through Weight Equalization and Bias Correction, ICCV 2019; here means are measured).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from converter import bundle, tfjs
from converter.errors import ToolError
from converter.graph import Array, Graph, Node
from converter.measure import Cases
from converter.quantize import Packed, unpack

Matrix: TypeAlias = NDArray[np.float64]

_OPS = frozenset({"_FusedConv2D", "FusedDepthwiseConv2dNative", "_FusedMatMul"})

_TOGETHER = 4
"""Cases in one run of Node: all that is computed on the way lies on the disk for that long."""

_ROWS = 4
"""How many times more inputs than weights it takes to tell how weights go together."""

_DAMPING = 0.01
"""Added to the squares of inputs, as a share of their mean; what GPTQ's authors use."""


@dataclass(frozen=True)
class Inputs:
    """What goes into a product, over all cases and pixels.

    Attributes:
        count: How many rows of channels.
        mean: ``(channels,)``.
        squares: ``(channels, channels)``: the mean of each row's product with itself; None for a
            product that sees more than one pixel at a time.
    """

    count: int
    mean: Matrix
    squares: Matrix | None


Calibration: TypeAlias = Mapping[str, Inputs]
"""By the name of the product."""


@dataclass(frozen=True)
class Product:
    """A fused node whose weights are constant, and whose bias is its own."""

    node: Node
    weight: str
    bias: str

    @property
    def depthwise(self) -> bool:
        """Whether each channel has weights of its own."""
        return self.node.op == "FusedDepthwiseConv2dNative"

    def matrix(self, weight: Array | Matrix) -> NDArray[Any]:
        """Return weights as ``(channels in, channels out)``, summed over the pixels they cover."""
        if self.node.op == "_FusedMatMul":
            return weight.T if self.node.attributes.get("transpose_b") else weight
        summed: NDArray[Any] = weight.sum(axis=(0, 1))
        return summed


def products(graph: Graph) -> list[Product]:
    """Return the products of a graph that can be made up for."""
    users, results = graph.users(), graph.results()
    found = []
    for node in graph.nodes:
        if node.op not in _OPS or "BiasAdd" not in _words(node.attributes.get("fused_ops")):
            continue
        given, weight, bias = node.inputs[:3]
        own = all(
            each in graph.weights and len(users[each]) == 1 and each not in results
            for each in (weight, bias)
        )
        if own and given not in graph.weights and not node.attributes.get("transpose_a"):
            found.append(Product(node, weight, bias))
    return found


def _words(attribute: object) -> tuple[str, ...]:
    return attribute if isinstance(attribute, tuple) else ()


def measure(graph: Graph, cases: Cases) -> Calibration:
    """Run a network over cases; return what goes into each of its products.

    Args:
        graph: As the last pass made it.
        cases: An array for each input.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    found, sums = products(graph), dict[str, Inputs]()
    for arrays in _inside(graph, [each.node.inputs[0] for each in found], cases):
        for each in found:
            name = each.node.name
            seen = _seen(arrays[each.node.inputs[0]], graph.weights[each.weight], each)
            sums[name] = _added(sums[name], seen) if name in sums else seen
    return {name: _mean(each) for name, each in sums.items()}


def _inside(
    graph: Graph, references: Sequence[str], cases: Cases
) -> Iterator[dict[str, NDArray[Any]]]:
    """Yield for each case what references give."""
    names = [each.name for each in graph.inputs]
    wanted = [each for each in dict.fromkeys(references) if each not in names]
    files = bundle.network(graph, "calibration", "none")
    for start in range(0, len(cases), _TOGETHER):
        some = cases[start : start + _TOGETHER]
        made = _run(tfjs.Network(files, graph.inputs, wanted, some)) if wanted else [()] * len(some)
        for arrays in zip(some, made, strict=True):
            yield dict(zip([*names, *wanted], [*arrays[0], *arrays[1]], strict=True))


def _run(network: tfjs.Network) -> Cases:
    (answer,) = tfjs.run_all([network], "wasm")
    if isinstance(answer, ToolError):
        raise answer
    return answer.outputs


def _seen(array: NDArray[Any], weight: Array, product: Product) -> Inputs:
    """Return the sums over one case."""
    rows = array.reshape(-1, array.shape[-1]).astype(np.float32)
    single = not product.depthwise and (weight.ndim == 2 or weight.shape[:2] == (1, 1))
    squares = (rows.T @ rows).astype(np.float64) if single else None
    return Inputs(len(rows), rows.sum(axis=0, dtype=np.float64), squares)


def _added(a: Inputs, b: Inputs) -> Inputs:
    squares = None if a.squares is None or b.squares is None else a.squares + b.squares
    return Inputs(a.count + b.count, a.mean + b.mean, squares)


def _mean(total: Inputs) -> Inputs:
    squares = None if total.squares is None else total.squares / total.count
    return Inputs(total.count, total.mean / total.count, squares)


def rounded(weight: Array, packed: Packed, product: Product, inputs: Inputs) -> Packed:
    """Return a weight in the same steps, rounded so that the product changes little.

    Args:
        weight: Before it was rounded.
        packed: Rounded to the nearest steps.
        product: Where it is used.
        inputs: What goes in there. If there is too little of it, the nearest steps stay.
    """
    if inputs.squares is None or inputs.count < _ROWS * len(inputs.squares):
        return packed
    quantization = packed.entry["quantization"]
    scale, low = quantization["scale"], quantization["min"]
    matrix = weight.reshape(weight.shape[-2:]).astype(np.float64)
    turned = bool(product.node.attributes.get("transpose_b"))
    steps = (matrix.T if turned else matrix) / scale - round(low / scale)
    most = int(np.iinfo(quantization["dtype"]).max)
    made = _compensated(steps, inputs.squares, most)
    stored = (made.T if turned else made).astype(quantization["dtype"])
    return Packed(packed.entry, np.ascontiguousarray(stored).tobytes())


def _compensated(weights: Matrix, squares: Matrix, most: int) -> Matrix:
    """Round ``(in, out)`` to whole numbers in 0..most, inputs with the largest squares first."""
    order = np.argsort(-np.diag(squares), kind="stable")
    damped = squares[np.ix_(order, order)] + np.eye(len(order)) * (
        _DAMPING * float(np.diag(squares).mean()) or 1.0
    )
    factor = np.linalg.cholesky(np.linalg.inv(damped)).T
    left, made = weights[order], np.empty_like(weights)
    for i, row in enumerate(order):
        made[row] = np.clip(np.rint(left[i]), 0, most)
        error = (left[i] - made[row]) / factor[i, i]
        left[i + 1 :] -= np.outer(factor[i, i + 1 :], error)
    return made


def corrected(graph: Graph, packed: Mapping[str, Packed], calibration: Calibration) -> Graph:
    """Return a graph whose biases make up for what its weights lose, on average.

    Borders are left out of account: there, fewer weights meet a pixel.

    Args:
        graph: With its weights in float32.
        packed: Weights as they are stored; others stay as they are.
        calibration: See `measure`.
    """
    weights = dict(graph.weights)
    for each in products(graph):
        if each.weight not in packed or each.node.name not in calibration:
            continue
        lost = graph.weights[each.weight] - unpack(packed[each.weight]).astype(np.float64)
        shift = each.matrix(lost) * calibration[each.node.name].mean[:, None]
        total = shift.reshape(-1) if each.depthwise else shift.sum(axis=0)
        weights[each.bias] = (weights[each.bias] + total).astype(np.float32)
    return replace(graph, weights=weights)
