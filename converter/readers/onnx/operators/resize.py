"""Resize, in all modes of ONNX.

Each axis is resized separately: by gathering elements (nearest), or by a product with a constant
matrix (linear, cubic). Where ResizeBilinear or ResizeNearestNeighbor computes the same, it is used.
"""

import math

import numpy as np
from numpy.typing import NDArray

from converter.emit.axes import to_last
from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.graph import TO_NCHW, TO_NHWC
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts

_Floats = NDArray[np.float64]


@converts("Resize", since=(10, 11, 13, 18, 19))
@converts("Upsample", since=(9, 10))
def resize(node: Op, b: Builder) -> Value:
    """Resize axes by scales, or to sizes."""
    x, scales = node[0], _scales(node)
    made = x
    mode = node.text("mode", "nearest")
    axes = [i for i in range(x.rank) if x.shape[i] != node.result.shape[i] or scales[i] != 1]
    if mode == "nearest":
        rows = {i: _nearest(node, i, scales[i]) for i in axes}
        if (fast := _image(b, node, "ResizeNearestNeighbor", rows)) is not None:
            return fast
        for axis, places in rows.items():
            made = b.gather(made, b.constant(places.astype(np.int32)), axis)
    else:
        matrices = {i: _matrix(node, i, scales[i]) for i in axes}
        if (fast := _image(b, node, "ResizeBilinear", matrices)) is not None:
            return fast
        for axis, matrix in matrices.items():
            made = _product(b, made, axis, matrix)
    made = _outside(b, node, made, axes, scales)
    return b.unary("Identity", made) if made is x else made


def _scales(node: Op) -> list[float]:
    """Return the scale of each axis."""
    rank, old, new = node[0].rank, node[0].shape, node.result.shape
    chosen = [int(a) % rank for a in node.numbers("axes", range(rank))]
    if (node.kind == "Upsample" and node.version < 9) or "scales" in node.attributes:
        given = [float(each) for each in node.numbers("scales")]
    else:
        index = 1 if node.version < 11 or node.kind == "Upsample" else 2
        scales = node.get(index)
        given = [] if scales is None else [float(e) for e in node.constant(index).reshape(-1)]
    if given:
        made = [1.0] * rank
        for axis, scale in zip(chosen, given, strict=True):
            made[axis] = scale
        return made
    if node.text("keep_aspect_ratio_policy", "stretch") != "stretch":
        sizes = node.ints(3)
        ratios = [size / old[axis] for axis, size in zip(chosen, sizes, strict=True)]
        larger = node.text("keep_aspect_ratio_policy", "") == "not_smaller"
        ratio = max(ratios) if larger else min(ratios)
        return [ratio if axis in chosen else 1.0 for axis in range(rank)]
    return [n / o for o, n in zip(old, new, strict=True)]


def _origins(node: Op, axis: int, scale: float) -> _Floats:  # noqa: PLR0911 - one for each mode
    """Return the input coordinate of each output element: ``(new,) float64``."""
    old, new = node[0].shape[axis], node.result.shape[axis]
    mode = node.text("coordinate_transformation_mode", "half_pixel")
    if node.version < 11:
        mode = "asymmetric"
    out, length = np.arange(new, dtype=np.float64), old * scale
    if mode == "half_pixel":
        return (out + 0.5) / scale - 0.5
    if mode == "pytorch_half_pixel":
        return (out + 0.5) / scale - 0.5 if length > 1 else np.zeros(new)
    if mode == "half_pixel_symmetric":
        centre = old / 2 * (1 - new / length)
        return centre + (out + 0.5) / scale - 0.5
    if mode == "align_corners":
        return np.zeros(new) if length == 1 else out * (old - 1) / (length - 1)
    if mode == "asymmetric":
        return out / scale
    if mode == "tf_half_pixel_for_nn":
        return (out + 0.5) / scale
    if mode == "tf_crop_and_resize":
        start, end = _region(node, axis)
        if new == 1:
            return np.array([0.5 * (start + end) * (old - 1)])
        return start * (old - 1) + out * (end - start) * (old - 1) / (new - 1)
    raise Refused(f"coordinate_transformation_mode {mode!r}", "re-export with 'half_pixel'")


def _region(node: Op, axis: int) -> tuple[float, float]:
    """Return start and end of the region of interest along an axis, as shares of its size."""
    rank = node[0].rank
    chosen = [int(a) % rank for a in node.numbers("axes", range(rank))]
    roi = [float(each) for each in node.constant(1).reshape(-1)]
    if axis not in chosen:
        return 0.0, 1.0
    place = chosen.index(axis)
    return roi[place], roi[place + len(chosen)]


def _nearest(node: Op, axis: int, scale: float) -> NDArray[np.int64]:
    """Return the input index of each output element: ``(new,)``."""
    origins, old = _origins(node, axis, scale), node[0].shape[axis]
    mode = "floor" if node.version < 11 else node.text("nearest_mode", "round_prefer_floor")
    rounded = {
        "round_prefer_floor": np.ceil(origins - 0.5),
        "round_prefer_ceil": np.floor(origins + 0.5),
        "floor": np.floor(origins),
        "ceil": np.ceil(origins),
    }[mode]
    return np.asarray(rounded.clip(0, old - 1), np.int64)


def _matrix(node: Op, axis: int, scale: float) -> _Floats:
    """Return the interpolation matrix of an axis: ``(new, old) float64``."""
    old, origins = node[0].shape[axis], _origins(node, axis, scale)
    matrix = np.zeros((len(origins), old))
    stretch = min(scale, 1.0) if node.integer("antialias", 0) else 1.0
    cubic = node.text("mode", "nearest") == "cubic"
    reach = math.ceil((2 if cubic else 1) / stretch) + 1
    for row, origin in enumerate(origins):
        places = np.arange(math.floor(origin) - reach, math.floor(origin) + reach + 2)
        distance = np.abs(places - origin) * stretch
        weights = (
            _cubic(distance, node.number("cubic_coeff_a", -0.75))
            if cubic
            else (np.maximum(0, 1 - distance))
        )
        if node.integer("exclude_outside", 0):
            weights = np.where((places >= 0) & (places < old), weights, 0)
        if weights.sum():
            weights = weights / weights.sum()
        np.add.at(matrix[row], places.clip(0, old - 1), weights)
    return matrix


def _cubic(distance: _Floats, a: float) -> _Floats:
    """Return the cubic convolution kernel of Keys, 1981."""
    near = ((a + 2) * distance - (a + 3)) * distance**2 + 1
    far = ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
    return np.where(distance <= 1, near, np.where(distance < 2, far, 0))


def _product(b: Builder, x: Value, axis: int, matrix: _Floats) -> Value:
    order, back = to_last(x.rank, axis)
    moved = b.transpose(x, order)
    rows = b.reshape(moved, (x.size // x.shape[axis], x.shape[axis]))
    made = b.matmul(rows, b.constant(matrix.T.astype(np.float32)))
    return b.transpose(b.reshape(made, (*moved.shape[:-1], len(matrix))), back)


def _outside(b: Builder, node: Op, made: Value, axes: list[int], scales: list[float]) -> Value:
    """Fill in the extrapolation value where a crop exceeds the input."""
    if node.text("coordinate_transformation_mode", "") != "tf_crop_and_resize":
        return made
    inside = np.ones(made.shape, np.bool_)
    for axis in axes:
        origins = _origins(node, axis, scales[axis])
        within = (origins >= 0) & (origins <= node[0].shape[axis] - 1)
        inside &= within.reshape([-1 if i == axis else 1 for i in range(made.rank)])
    if inside.all():
        return made
    return b.where(b.constant(inside), made, node.number("extrapolation_value", 0.0))


_MODES = ((False, True), (True, False), (False, False))
"""Values of TF.js's ``align_corners`` and ``half_pixel_centers``."""


def _image(
    b: Builder, node: Op, op: str, wanted: dict[int, NDArray[np.int64]] | dict[int, _Floats]
) -> Value | None:
    """Emit TF.js's resize operation; return None if none of its modes gives the wanted rows."""
    old, new = node[0].shape, node.result.shape
    if len(old) != 4 or not wanted or not set(wanted) <= {2, 3} or node[0].dtype != "float32":
        return None
    if node.text("coordinate_transformation_mode", "") == "tf_crop_and_resize":
        return None
    table = _tfjs_nearest if op == "ResizeNearestNeighbor" else _tfjs_linear
    for align, half in _MODES:
        if all(
            np.allclose(table(old[i], new[i], align, half), rows, atol=1e-6)
            for i, rows in wanted.items()
        ):
            image = b.transpose(node[0], TO_NHWC)
            made = b.emit(
                op,
                [image, b.constant(np.array(new[2:], np.int32))],
                (new[0], new[2], new[3], new[1]),
                "float32",
                align_corners=align,
                half_pixel_centers=half,
            )
            return b.transpose(made, TO_NCHW)
    return None


def _ratio(old: int, new: int, align: bool) -> float:
    return (old - 1) / (new - 1) if align and new > 1 else old / new


def _tfjs_nearest(old: int, new: int, align: bool, half: bool) -> NDArray[np.int64]:
    places = _ratio(old, new, align) * (np.arange(new) + (0.5 if half else 0.0))
    rounded = np.floor(places + 0.5) if align else np.floor(places)
    return np.asarray(rounded.clip(0, old - 1), np.int64)


def _tfjs_linear(old: int, new: int, align: bool, half: bool) -> _Floats:
    ratio, out = _ratio(old, new, align), np.arange(new)
    places = ratio * (out + 0.5) - 0.5 if half else ratio * out
    places = places.clip(0, old - 1)
    low = np.floor(places).astype(int)
    matrix = np.zeros((new, old))
    np.add.at(matrix, (out, low), 1 - (places - low))
    np.add.at(matrix, (out, np.minimum(low + 1, old - 1)), places - low)
    return matrix
