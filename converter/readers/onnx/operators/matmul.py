"""Matrix products and determinants."""

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts


@converts("MatMul", since=(9, 13))
def matmul(node: Op, b: Builder) -> Value:
    """``A @ B``, as ``numpy.matmul``."""
    return b.reshape(product(b, node[0], node[1]), node.result.shape)


def product(b: Builder, x: Value, y: Value) -> Value:
    """Multiply as ``numpy.matmul``, but keep an axis of size 1 for each operand with one axis."""
    if x.dtype != "float32":
        return b.cast(product(b, b.cast(x, "float32"), b.cast(y, "float32")), x.dtype)
    if x.rank == 1:
        x = b.reshape(x, (1, x.size))
    if y.rank == 1:
        y = b.reshape(y, (y.size, 1))
    if y.rank == 2 and x.rank > 2:  # one product for the rows of all matrices
        rows = x.size // x.shape[-1]
        made = b.matmul(b.reshape(x, (rows, x.shape[-1])), y)
        return b.reshape(made, (*x.shape[:-1], y.shape[-1]))
    batch = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    pair = [b.reshape(v, (1,) * (len(batch) + 2 - v.rank) + v.shape) for v in (x, y)]
    return b.matmul(pair[0], pair[1])


@converts("Gemm", since=(9, 11, 13))
def gemm(node: Op, b: Builder) -> Value:
    """``alpha * A @ B + beta * C``."""
    sides = {
        "transpose_a": bool(node.integer("transA", 0)),
        "transpose_b": bool(node.integer("transB", 0)),
    }
    x, y = (b.cast(node[i], "float32") for i in range(2))
    made = b.matmul(x, y, **sides)
    alpha, beta = node.number("alpha", 1.0), node.number("beta", 1.0)
    if alpha != 1:
        made = b.mul(made, alpha)
    if node.get(2) is not None and beta != 0:
        bias = b.cast(node[2], "float32")
        made = b.add(made, bias if beta == 1 else b.mul(bias, beta))
    return b.cast(made, node.result.dtype)


@converts("Det", since=(11, 22))
def det(node: Op, b: Builder) -> Value:
    """Determinants of matrices up to 4 by 4, by Laplace's expansion."""
    side = node[0].shape[-1]
    if side > 4:
        raise Refused(f"a determinant of {side} by {side}", "compute it in Python")
    cells = {
        (row, column): _cell(b, node[0], row, column)
        for row in range(side)
        for column in range(side)
    }
    return b.reshape(_minor(b, cells, 0, tuple(range(side))), node.result.shape)


def _cell(b: Builder, x: Value, row: int, column: int) -> Value:
    return b.cut(b.cut(x, x.rank - 2, row, 1), x.rank - 1, column, 1)


def _minor(
    b: Builder, cells: dict[tuple[int, int], Value], row: int, columns: tuple[int, ...]
) -> Value:
    if len(columns) == 1:
        return cells[row, columns[0]]
    total: Value | None = None
    for index, column in enumerate(columns):
        rest = _minor(b, cells, row + 1, columns[:index] + columns[index + 1 :])
        term = b.mul(cells[row, column], rest)
        op = "Sub" if index % 2 else "AddV2"
        total = term if total is None else b.binary(op, total, term)
    if total is None:
        raise Refused("a matrix without columns", "leave the node out")
    return total
