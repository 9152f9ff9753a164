"""Calibration of quantized weights on typical inputs.

Rounding each weight to its nearest step does not minimize the error of a product. GPTQ (E. Frantar,
S. Ashkboos, T. Hoefler, D. Alistarh, ICLR 2023) rounds weights in turn, and compensates the error
of each in those that follow, by the correlation of their inputs. The remaining mean error is
subtracted from the biases (M. Nagel, M. van Baalen, T. Blankevoort, M. Welling: Data-Free
Quantization Through Weight Equalization and Bias Correction, ICCV 2019; here means are measured).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from converter import bundle, tfjs
from converter.graph import Array, Graph, Node
from converter.measure import Cases
from converter.quantize import Packed, unpack

Matrix: TypeAlias = NDArray[np.float64]

_OPS = frozenset({"_FusedConv2D", "FusedDepthwiseConv2dNative", "_FusedMatMul"})

_BATCH = 4
"""Cases in one run of Node: their intermediate results are on the disk for that time."""

_ROWS = 4
"""Minimum number of input rows for each channel, to estimate the correlation of channels."""

_DAMPING = 0.01
"""Share of the mean diagonal that is added to the diagonal; the value of GPTQ's authors."""


@dataclass(frozen=True)
class Inputs:
    """Statistics of a product's input, over all cases and pixels.

    Attributes:
        count: Number of rows of channels.
        mean: Mean of the rows, ``(channels,)``.
        squares: Mean outer product of each row with itself, ``(channels, channels)``; None for a
            product whose kernel is larger than one pixel.
    """

    count: int
    mean: Matrix
    squares: Matrix | None


Calibration: TypeAlias = Mapping[str, Inputs]
"""Statistics by the name of the product."""


@dataclass(frozen=True)
class Product:
    """A fused node with constant weights, and a bias that no other node uses."""

    node: Node
    weight: str
    bias: str

    @property
    def depthwise(self) -> bool:
        """Whether each channel has its own filter."""
        return self.node.op == "FusedDepthwiseConv2dNative"

    def matrix(self, weight: Array | Matrix) -> NDArray[Any]:
        """Return weights as ``(in, out)``, summed over the kernel's pixels."""
        if self.node.op == "_FusedMatMul":
            return weight.T if self.node.attributes.get("transpose_b") else weight
        summed: NDArray[Any] = weight.sum(axis=(0, 1))
        return summed


def products(graph: Graph) -> list[Product]:
    """Return the products of a graph that can be calibrated."""
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
    """Run a network over cases; return the statistics of each product's input.

    Args:
        graph: The optimised network.
        cases: For each case, an array for each input.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    found, sums = products(graph), dict[str, Inputs]()
    for arrays in _traced(graph, [each.node.inputs[0] for each in found], cases):
        for each in found:
            name = each.node.name
            total = _totals(arrays[each.node.inputs[0]], graph.weights[each.weight], each)
            sums[name] = _added(sums[name], total) if name in sums else total
    return {name: _mean(each) for name, each in sums.items()}


def _traced(
    graph: Graph, references: Sequence[str], cases: Cases
) -> Iterator[dict[str, NDArray[Any]]]:
    """Yield the tensors that references name, for each case."""
    names = [each.name for each in graph.inputs]
    wanted = [each for each in dict.fromkeys(references) if each not in names]
    files = bundle.network(graph, "calibration", "none")
    for start in range(0, len(cases), _BATCH):
        batch = cases[start : start + _BATCH]
        outputs: Cases = [()] * len(batch)
        if wanted:
            (answers,) = tfjs.answers([tfjs.Network(files, graph.inputs, wanted, batch)], "wasm")
            outputs = answers.outputs
        for given, computed in zip(batch, outputs, strict=True):
            yield dict(zip([*names, *wanted], [*given, *computed], strict=True))


def _totals(array: NDArray[Any], weight: Array, product: Product) -> Inputs:
    """Return the statistics of one case, as sums in place of means."""
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
    """Return a weight in the same quantization steps, rounded so that the product changes little.

    Args:
        weight: The exact weight.
        packed: The weight rounded to the nearest steps.
        product: The product that uses it.
        inputs: Statistics of the product's input. With too few rows, ``packed`` is returned.
    """
    if inputs.squares is None or inputs.count < _ROWS * len(inputs.squares):
        return packed
    quantization = packed.entry["quantization"]
    scale, low = quantization["scale"], quantization["min"]
    matrix = weight.reshape(weight.shape[-2:]).astype(np.float64)
    transposed = bool(product.node.attributes.get("transpose_b"))
    steps = (matrix.T if transposed else matrix) / scale - round(low / scale)
    most = int(np.iinfo(quantization["dtype"]).max)
    whole = _compensated(steps, inputs.squares, most)
    stored = (whole.T if transposed else whole).astype(quantization["dtype"])
    return Packed(packed.entry, np.ascontiguousarray(stored).tobytes())


def _compensated(weights: Matrix, squares: Matrix, most: int) -> Matrix:
    """Round ``(in, out)`` to integers in 0..most, inputs with the largest mean square first."""
    order = np.argsort(-np.diag(squares), kind="stable")
    damped = squares[np.ix_(order, order)] + np.eye(len(order)) * (
        _DAMPING * float(np.diag(squares).mean()) or 1.0
    )
    factor = np.linalg.cholesky(np.linalg.inv(damped)).T
    remaining, rounded_ = weights[order], np.empty_like(weights)
    for i, row in enumerate(order):
        rounded_[row] = np.clip(np.rint(remaining[i]), 0, most)
        error = (remaining[i] - rounded_[row]) / factor[i, i]
        remaining[i + 1 :] -= np.outer(factor[i, i + 1 :], error)
    return rounded_


def corrected(graph: Graph, packed: Mapping[str, Packed], calibration: Calibration) -> Graph:
    """Return a graph whose biases compensate the mean error of its quantized weights.

    Image borders, where a kernel covers fewer pixels, are not taken into account.

    Args:
        graph: The network in float32.
        packed: Quantized weights by name; others stay as they are.
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
