"""Recurrent layers, unrolled: the number of steps is known, and TF.js's loops are slow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts

_State: TypeAlias = tuple[Value, ...]

_ACTIVATIONS = {"sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "Relu", "softplus": "Softplus"}


@dataclass(frozen=True)
class _Weights:
    """What a cell computes with.

    Attributes:
        recurrent: ``(hidden, gates * hidden)``.
        bias: Recurrent bias ``(gates * hidden,)``; None if it is part of the cell's input.
        activations: TF.js operations, in the order of the operator's attribute.
    """

    recurrent: Value
    bias: Value | None
    activations: Sequence[str]


_Cell: TypeAlias = Callable[[Builder, Value, _State, _Weights], _State]
"""One step: takes ``(batch, gates * hidden)`` and the states, and returns the next states."""


@dataclass(frozen=True)
class _Layer:
    """A kind of recurrent layer.

    Attributes:
        gates: Number of gates.
        activations: Default activations.
        states: Indices of the inputs with the initial states.
        cell: One step.
        separate: Whether the recurrent bias is added by the cell.
    """

    gates: int
    activations: tuple[str, ...]
    states: tuple[int, ...]
    cell: _Cell
    separate: bool = False


def _activations(node: Op, layer: _Layer, directions: int) -> list[list[str]]:
    """Return the TF.js operations of each direction."""
    names = [each.lower() for each in node.numbers("activations")]
    names = names or [*layer.activations] * directions
    if unknown := [each for each in names if each not in _ACTIVATIONS]:
        raise Refused(f"activation {unknown[0]}", "use sigmoid, tanh or relu")
    if node.number("clip", 0.0) or node.integer("input_forget", 0):
        raise Refused("clip or input_forget", "leave them out")
    ops, count = [_ACTIVATIONS[each] for each in names], len(layer.activations)
    return [ops[i * count : (i + 1) * count] for i in range(directions)]


def _unrolled(node: Op, b: Builder, layer: _Layer) -> list[Value]:
    """Run each direction over all steps; return all outputs, and the last state of each kind."""
    x = node[0]
    if node.integer("layout", 0):
        x = b.transpose(x, (1, 0, 2))
    steps, batch, _ = x.shape
    if node.get(4) is not None and any(length != steps for length in node.ints(4)):
        raise Refused("sequences of different lengths", "pad them, and run all to the end")
    directions, hidden = node[1].shape[0], node[2].shape[2]
    activations = _activations(node, layer, directions)
    outputs, last = [], []
    for d in range(directions):
        first = tuple(_initial(node, b, i, d, (batch, hidden)) for i in layer.states)
        made, final = _direction(node, b, layer, d, activations[d], (x, first))
        outputs.append(b.reshape(made, (steps, 1, batch, hidden)))
        last.append([b.reshape(each, (1, batch, hidden)) for each in final])
    finals = [b.concat([each[i] for each in last], 0) for i in range(len(layer.states))]
    everything = b.concat(outputs, 1)
    if node.integer("layout", 0):
        everything = b.transpose(everything, (2, 0, 1, 3))
        finals = [b.transpose(each, (1, 0, 2)) for each in finals]
    return [everything, *finals]


def _initial(node: Op, b: Builder, index: int, direction: int, shape: tuple[int, int]) -> Value:
    """Return the initial state of a direction: ``(batch, hidden)``."""
    value = node.get(index)
    if value is None:
        return b.constant(np.zeros(shape, np.float32))
    if node.integer("layout", 0):
        value = b.transpose(value, (1, 0, 2))
    return b.reshape(b.cut(value, 0, direction, 1), shape)


def _direction(  # noqa: PLR0913, PLR0917 - a layer, a direction, and their data
    node: Op,
    b: Builder,
    layer: _Layer,
    d: int,
    activations: Sequence[str],
    data: tuple[Value, _State],
) -> tuple[Value, _State]:
    """Run one direction; return ``(steps, batch, hidden)`` and the last states.

    Args:
        node: The node.
        b: The builder.
        layer: Its kind.
        d: Number of the direction.
        activations: TF.js operations of this direction.
        data: ``(steps, batch, width)``, and the initial states.
    """
    x, state = data
    (steps, batch, width), hidden = x.shape, node[2].shape[2]
    size = layer.gates * hidden
    weights = b.reshape(b.cut(node[1], 0, d, 1), (size, width))
    inputs = b.matmul(b.reshape(x, (steps * batch, width)), b.transpose(weights, (1, 0)))
    if node.get(3) is not None:
        inputs = b.add(inputs, _bias(node, b, d, 0, size))
    inputs = b.reshape(inputs, (steps, batch, size))
    recurrent = b.transpose(b.reshape(b.cut(node[2], 0, d, 1), (size, hidden)), (1, 0))
    separate = layer.separate and node.get(3) is not None
    cell = _Weights(recurrent, _bias(node, b, d, size, size) if separate else None, activations)
    backwards = d == 1 or node.text("direction", "forward") == "reverse"
    outputs = []
    for t in reversed(range(steps)) if backwards else range(steps):
        given = b.reshape(b.cut(inputs, 0, t, 1), (batch, size))
        state = layer.cell(b, given, state, cell)
        outputs.append(b.reshape(state[0], (1, batch, hidden)))
    return b.concat(outputs[::-1] if backwards else outputs, 0), state


def _bias(node: Op, b: Builder, d: int, begin: int, size: int) -> Value:
    """Return a part of a direction's biases, which are the input's and then the recurrent ones."""
    return b.cut(b.reshape(b.cut(node[3], 0, d, 1), (node[3].shape[1],)), 0, begin, size)


def _parts(b: Builder, x: Value, count: int) -> list[Value]:
    """Split ``(batch, count * hidden)`` by gate."""
    size = x.shape[1] // count
    return [b.cut(x, 1, i * size, size) for i in range(count)]


@converts("RNN", since=(7, 14, 22))
def rnn(node: Op, b: Builder) -> list[Value]:
    """``h = f(x W + h R + b)``."""

    def cell(b: Builder, given: Value, state: _State, w: _Weights) -> _State:
        (f,) = w.activations
        return (b.unary(f, b.add(given, b.matmul(state[0], w.recurrent))),)

    return _unrolled(_merged(node, b), b, _Layer(1, ("tanh",), (5,), cell))


@converts("LSTM", since=(7, 14, 22))
def lstm(node: Op, b: Builder) -> list[Value]:
    """Gates in ONNX's order: input, output, forget, cell."""
    if node.get(7) is not None:
        raise Refused("peepholes", "use an LSTM without them")

    def cell(b: Builder, given: Value, state: _State, w: _Weights) -> _State:
        f, g, h = w.activations
        i, o, forget, c = _parts(b, b.add(given, b.matmul(state[0], w.recurrent)), 4)
        fresh = b.mul(b.unary(f, i), b.unary(g, c))
        memory = b.add(b.mul(b.unary(f, forget), state[1]), fresh)
        return b.mul(b.unary(f, o), b.unary(h, memory)), memory

    layer = _Layer(4, ("sigmoid", "tanh", "tanh"), (5, 6), cell)
    return _unrolled(_merged(node, b), b, layer)


def _merged(node: Op, b: Builder) -> Op:
    """Return the node with the sum of its two biases in place of the first, and zeros after it."""
    if node.get(3) is None:
        return node
    directions, size = node[3].shape[0], node[3].shape[1] // 2
    first, second = (b.cut(node[3], 1, i * size, size) for i in range(2))
    zeros = b.constant(np.zeros((directions, size), np.float32))
    biases = b.concat([b.add(first, second), zeros], 1)
    return replace(node, inputs=(*node.inputs[:3], biases, *node.inputs[4:]))


@converts("GRU", since=(7, 14, 22))
def gru(node: Op, b: Builder) -> list[Value]:
    """Gates in ONNX's order: update, reset, hidden."""
    after = bool(node.integer("linear_before_reset", 0))

    def cell(b: Builder, given: Value, state: _State, w: _Weights) -> _State:
        f, g = w.activations
        hidden = w.recurrent.shape[0]
        z, reset, h = _parts(b, given, 3)
        rz, rr, rh = _parts(b, w.recurrent, 3)
        bz, br, bh = (
            None if w.bias is None else b.cut(w.bias, 0, i * hidden, hidden) for i in range(3)
        )
        update = b.unary(f, _sum(b, z, b.matmul(state[0], rz), bz))
        gate = b.unary(f, _sum(b, reset, b.matmul(state[0], rr), br))
        if after:
            inner = b.mul(gate, _sum(b, b.matmul(state[0], rh), bh))
        else:
            inner = _sum(b, b.matmul(b.mul(gate, state[0]), rh), bh)
        fresh = b.unary(g, b.add(h, inner))
        return (b.add(b.mul(b.sub(1.0, update), fresh), b.mul(update, state[0])),)

    return _unrolled(node, b, _Layer(3, ("sigmoid", "tanh"), (5,), cell, separate=True))


def _sum(b: Builder, first: Value, *others: Value | None) -> Value:
    for other in others:
        if other is not None:
            first = b.add(first, other)
    return first
