"""Recurrent layers, unrolled: the number of steps is known, and TF.js's loops are slow."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from converter.ops.builder import Builder
from converter.ops.registry import converts
from converter.ops.values import Op, Refused, Value

_State: TypeAlias = tuple[Value, ...]
_Step: TypeAlias = Callable[[Value, _State], _State]

_ACTIVATIONS = {"sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "Relu", "softplus": "Softplus"}


def _activations(node: Op, defaults: Sequence[str], directions: int) -> list[list[str]]:
    names = [each.lower() for each in node.numbers("activations")] or [*defaults] * directions
    if unknown := [each for each in names if each not in _ACTIVATIONS]:
        raise Refused(f"activation {unknown[0]}", "use sigmoid, tanh or relu")
    if node.number("clip", 0.0) or node.integer("input_forget", 0):
        raise Refused("clip or input_forget", "leave them out")
    ops = [_ACTIVATIONS[each] for each in names]
    return [ops[i * len(defaults) : (i + 1) * len(defaults)] for i in range(directions)]


def _unrolled(  # noqa: PLR0913, PLR0917 - what tells one kind of layer from another
    node: Op,
    b: Builder,
    gates: int,
    defaults: Sequence[str],
    cell: Callable[[Builder, Value, Value, _State, Sequence[str]], _State],
    states: Sequence[int],
) -> list[Value]:
    """Run each direction over all steps; ``states`` are the inputs with the first states."""
    x = node[0]
    if node.integer("layout", 0):
        x = b.transpose(x, (1, 0, 2))
    steps, batch, _ = x.shape
    if node.get(4) is not None and any(length != steps for length in node.ints(4)):
        raise Refused("sequences of different lengths", "pad them, and run all to the end")
    directions, hidden = node[1].shape[0], node[2].shape[2]
    activations = _activations(node, defaults, directions)
    made, last = [], []
    for d in range(directions):
        first = tuple(_first(node, b, i, d, (batch, hidden)) for i in states)
        backwards = d == 1 or node.text("direction", "forward") == "reverse"
        outputs, final = _direction(node, b, x, d, gates, (cell, activations[d]), first, backwards)
        made.append(b.reshape(outputs, (steps, 1, batch, hidden)))
        last.append([b.reshape(each, (1, batch, hidden)) for each in final])
    finals = [b.concat([each[i] for each in last], 0) for i in range(len(states))]
    everything = b.concat(made, 1)
    if node.integer("layout", 0):
        everything = b.transpose(everything, (2, 0, 1, 3))
        finals = [b.transpose(each, (1, 0, 2)) for each in finals]
    return [everything, *finals]


def _first(node: Op, b: Builder, index: int, direction: int, shape: tuple[int, int]) -> Value:
    value = node.get(index)
    if value is None:
        return b.constant(np.zeros(shape, np.float32))
    if node.integer("layout", 0):
        value = b.transpose(value, (1, 0, 2))
    return b.reshape(b.cut(value, 0, direction, 1), shape)


def _direction(  # noqa: PLR0913, PLR0917 - what tells one direction from another
    node: Op,
    b: Builder,
    x: Value,
    d: int,
    gates: int,
    how: tuple[Callable[[Builder, Value, Value, _State, Sequence[str]], _State], Sequence[str]],
    state: _State,
    backwards: bool,
) -> tuple[Value, _State]:
    steps, batch, width = x.shape
    hidden = node[2].shape[2]
    weights = b.reshape(b.cut(node[1], 0, d, 1), (gates * hidden, width))
    inputs = b.matmul(b.reshape(x, (steps * batch, width)), b.transpose(weights, (1, 0)))
    if node.get(3) is not None:
        bias = b.cut(
            b.reshape(b.cut(node[3], 0, d, 1), (2 * gates * hidden,)), 0, 0, gates * hidden
        )
        inputs = b.add(inputs, bias)
    inputs = b.reshape(inputs, (steps, batch, gates * hidden))
    recurrent = b.transpose(b.reshape(b.cut(node[2], 0, d, 1), (gates * hidden, hidden)), (1, 0))
    cell, activations = how
    outputs = []
    for t in reversed(range(steps)) if backwards else range(steps):
        given = b.reshape(b.cut(inputs, 0, t, 1), (batch, gates * hidden))
        state = cell(b, given, recurrent, state, activations)
        outputs.append(b.reshape(state[0], (1, batch, hidden)))
    return b.concat(outputs[::-1] if backwards else outputs, 0), state


def _parts(b: Builder, x: Value, count: int) -> list[Value]:
    size = x.shape[1] // count
    return [b.cut(x, 1, i * size, size) for i in range(count)]


def _recurrent_bias(node: Op, b: Builder, d: int, gates: int) -> Value | None:
    if node.get(3) is None:
        return None
    hidden = node[2].shape[2]
    return b.cut(
        b.reshape(b.cut(node[3], 0, d, 1), (2 * gates * hidden,)), 0, gates * hidden, gates * hidden
    )


@converts("RNN", 7, 14, 22)
def rnn(node: Op, b: Builder) -> list[Value]:
    """``h = f(x W + h R + b)``."""

    def cell(b: Builder, given: Value, r: Value, state: _State, f: Sequence[str]) -> _State:
        return (b.unary(f[0], b.add(given, b.matmul(state[0], r))),)

    return _unrolled(_merged(node, b, 1), b, 1, ["tanh"], cell, [5])


@converts("LSTM", 7, 14, 22)
def lstm(node: Op, b: Builder) -> list[Value]:
    """Gates in ONNX's order: input, output, forget, cell."""
    if node.get(7) is not None:
        raise Refused("peepholes", "use an LSTM without them")

    def cell(b: Builder, given: Value, r: Value, state: _State, f: Sequence[str]) -> _State:
        i, o, forget, c = _parts(b, b.add(given, b.matmul(state[0], r)), 4)
        fresh = b.mul(b.unary(f[0], i), b.unary(f[1], c))
        memory = b.add(b.mul(b.unary(f[0], forget), state[1]), fresh)
        return b.mul(b.unary(f[0], o), b.unary(f[2], memory)), memory

    return _unrolled(_merged(node, b, 4), b, 4, ["sigmoid", "tanh", "tanh"], cell, [5, 6])


def _merged(node: Op, b: Builder, gates: int) -> Op:
    """Return the node with its two biases added up, the second left at zero."""
    if node.get(3) is None:
        return node
    directions, size = node[3].shape[0], node[3].shape[1] // 2
    first, second = (b.cut(node[3], 1, i * size, size) for i in range(2))
    total = b.add(first, second)
    none = b.constant(np.zeros((directions, size), np.float32))
    inputs = (*node.inputs[:3], b.concat([total, none], 1), *node.inputs[4:])
    return Op(node.name, node.kind, node.version, inputs, node.kinds, node.results, node.attributes)


@converts("GRU", 7, 14, 22)
def gru(node: Op, b: Builder) -> list[Value]:
    """Gates in ONNX's order: update, reset, hidden."""
    after = bool(node.integer("linear_before_reset", 0))
    biases = iter([_recurrent_bias(node, b, d, 3) for d in range(node[1].shape[0])])
    current: list[Value | None] = [None]
    steps = node[0].shape[1 if node.integer("layout", 0) else 0]
    calls = [0]

    def cell(b: Builder, given: Value, r: Value, state: _State, f: Sequence[str]) -> _State:
        if calls[0] % steps == 0:
            current[0] = next(biases)
        calls[0] += 1
        hidden = r.shape[0]
        bias = current[0]
        z, reset, h = _parts(b, given, 3)
        rz, rr, rh = (b.cut(r, 1, i * hidden, hidden) for i in range(3))
        bz, br, bh = (
            (None, None, None)
            if bias is None
            else (b.cut(bias, 0, i * hidden, hidden) for i in range(3))
        )
        update = b.unary(f[0], _sum(b, z, b.matmul(state[0], rz), bz))
        gate = b.unary(f[0], _sum(b, reset, b.matmul(state[0], rr), br))
        if after:
            inner = b.mul(gate, _sum(b, b.matmul(state[0], rh), bh))
        else:
            inner = _sum(b, b.matmul(b.mul(gate, state[0]), rh), bh)
        fresh = b.unary(f[1], b.add(h, inner))
        return (b.add(b.mul(b.sub(1.0, update), fresh), b.mul(update, state[0])),)

    return _unrolled(node, b, 3, ["sigmoid", "tanh"], cell, [5])


def _sum(b: Builder, first: Value, *others: Value | None) -> Value:
    for other in others:
        if other is not None:
            first = b.add(first, other)
    return first
