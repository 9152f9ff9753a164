"""Updates at indices."""

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.operators.indexing import block_places, element_places
from converter.readers.onnx.registry import converts

_AT_MOST = 1 << 22
"""Maximum number of comparisons of updates with positions, for scatter with a reduction."""


@converts("Scatter", since=(9, 11))
@converts("ScatterElements", since=(11, 13, 16, 18))
def scatter_elements(node: Op, b: Builder) -> Value:
    """Write each update at its own index of an axis."""
    x, updates = node[0], node[2]
    places = element_places(b, x, node[1], node.axis(0))
    flat, fresh = b.reshape(x, (x.size, 1)), b.reshape(updates, (updates.size, 1))
    return b.reshape(_scattered(node, b, flat, places, fresh), x.shape)


@converts("ScatterND", since=(11, 13, 16, 18))
def scatter_nd(node: Op, b: Builder) -> Value:
    """Write blocks at indices of the leading axes."""
    x, indices, updates = node[0], node[1], node[2]
    depth = indices.shape[-1]
    count = int(np.prod(x.shape[:depth], dtype=int))
    places = block_places(b, x, indices)
    flat = b.reshape(x, (count, x.size // count))
    fresh = b.reshape(updates, (places.size, x.size // count))
    return b.reshape(_scattered(node, b, flat, places, fresh), x.shape)


def _scattered(node: Op, b: Builder, flat: Value, places: Value, fresh: Value) -> Value:
    """Write the rows of ``fresh`` into those of ``flat``, with the node's reduction."""
    how = node.text("reduction", "none")
    rows = b.reshape(places, (places.size, 1))
    if how == "none":
        return b.emit("TensorScatterUpdate", [flat, rows, fresh], flat.shape, flat.dtype)
    count, width = flat.shape
    if count * places.size * width > _AT_MOST:
        raise Refused(f"reduction {how!r} of so many updates", "scatter without a reduction")
    hits = b.binary("Equal", rows, b.constant(np.arange(count, dtype=np.int32)), "bool")
    mask = b.reshape(hits, (places.size, count, 1))
    spread = b.reshape(fresh, (places.size, 1, width))
    op, reduce, idle = {
        "add": ("AddV2", "Sum", 0.0),
        "mul": ("Mul", "Prod", 1.0),
        "max": ("Maximum", "Max", float(np.finfo(np.float32).min)),
        "min": ("Minimum", "Min", float(np.finfo(np.float32).max)),
    }[how]
    if flat.dtype == "int32":
        idle = float(np.clip(idle, -(2**31), 2**31 - 1))
    total = b.reduce(reduce, b.where(mask, spread, idle), [0], keep=False)
    return b.binary(op, flat, total)
