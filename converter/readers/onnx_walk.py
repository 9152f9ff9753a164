"""Walks through an ONNX graph node by node, and has each converted, folded or taken apart.

What depends on constants alone is computed by ``onnx``'s reference implementation; types and
shapes come from ``onnx``'s inference, one node at a time, so that a shape that was computed just
before is known. Operators without a converter are replaced by their body, where ONNX defines them
as functions of other operators.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import onnx
from onnx import TypeProto, helper

from converter import ops
from converter.errors import SourceError
from converter.ops.builder import Builder
from converter.ops.values import Op, Refused, Value
from converter.readers.onnx_bodies import body_of, nodes_of
from converter.readers.onnx_folding import folded
from converter.readers.onnx_problems import Problem, Unconvertible
from converter.readers.onnx_slots import (
    Slot,
    array_of,
    attribute_of,
    constant,
    domain_of,
    infer,
    kind_of,
    result_of,
    schema_of,
)

_DEEPEST = 16
"""How often bodies may stand in bodies."""


class Walk:
    """One pass over a model's graph.

    Attributes:
        problems: What could not be converted so far.
    """

    def __init__(self, model: onnx.ModelProto, name: str, builder: Builder) -> None:
        self._model, self._name, self._builder = model, name, builder
        self._versions = {domain_of(each.domain): each.version for each in model.opset_import}
        self._slots: dict[str, Slot] = {}
        self._names: set[str] = set()
        self.problems: list[Problem] = []
        for tensor in model.graph.initializer:
            self._slots[tensor.name] = constant(array_of(tensor, f"{name}: {tensor.name}"))

    def define(self, name: str, value: Value, kind: TypeProto) -> None:
        """Say what an input of the graph is."""
        self._slots[name] = Slot(kind, value)

    def run(self) -> None:
        """Convert all nodes; what cannot be converted is noted in `problems`."""
        self._nodes(self._model.graph.node, self._slots, self._versions, 0)

    def check(self) -> None:
        """Make sure that all nodes could be converted.

        Raises:
            Unconvertible: If not.
        """
        if self.problems:
            raise Unconvertible(self._name, self.problems)

    def result(self, name: str) -> tuple[Value, str]:
        """Return an output of the graph, and ONNX's type for it; see `check`."""
        slot = self._slots.get(name)
        if slot is None:
            raise SourceError(f"{self._name}: output {name} is made by no node")
        if slot.value is None:
            self.check()
            raise SourceError(f"{self._name}: output {name} has no fixed shape")
        return slot.value, kind_of(slot.type)

    def references(self) -> dict[str, str]:
        """Return how nodes refer to what stands for each tensor of the graph that is computed."""
        names = (name for node in self._model.graph.node for name in node.output if name)
        values = ((name, self._slots[name].value) for name in names)
        return {name: value.reference for name, value in values if value and value.reference}

    def _nodes(
        self,
        nodes: Iterable[onnx.NodeProto],
        slots: dict[str, Slot],
        versions: Mapping[str, int],
        depth: int,
    ) -> None:
        for node in nodes:
            missing = [name for name in node.input if name and name not in slots]
            if missing:
                raise SourceError(
                    f"{self._name}: {node.op_type} {node.name} takes {missing[0]}, "
                    "which is not made before it"
                )
            self._node(node, slots, versions, depth)

    def _node(
        self,
        node: onnx.NodeProto,
        slots: dict[str, Slot],
        versions: Mapping[str, int],
        depth: int,
    ) -> None:
        made: Mapping[str, Slot] = {}
        schema = schema_of(node, versions)
        inferred = infer(schema, node, slots, versions) if schema else {}
        try:
            made = self._made(node, schema, inferred, slots, versions, depth)
        except Refused as refused:
            needs = tuple(node.input[index] for index in refused.needs)
            self._note(node, str(refused), needs)
        for name in filter(None, node.output):
            slots[name] = made.get(name) or Slot(inferred.get(name, TypeProto()), None)

    def _made(  # noqa: PLR0913, PLR0917 - what is known of a node
        self,
        node: onnx.NodeProto,
        schema: Any,  # noqa: ANN401 - onnx does not export the type
        inferred: Mapping[str, TypeProto],
        slots: Mapping[str, Slot],
        versions: Mapping[str, int],
        depth: int,
    ) -> Mapping[str, Slot]:
        """Return what a node makes; an empty mapping if something before it failed."""
        if schema is None:
            domain = node.domain or "ai.onnx"
            raise Refused(f"{domain} has no such operator", "export with standard operators")
        if node.op_type == "If" and not node.domain:
            return self._branch(node, slots, versions, depth)
        if any(name and slots[name].value is None for name in node.input):
            return {}
        if (computed := folded(node, slots, versions, inferred)) is not None:
            return computed
        converter = ops.find(domain_of(node.domain), node.op_type, schema.since_version)
        if converter is None:
            return self._body(node, schema, slots, versions, depth)
        op = self._op(node, schema, inferred, slots)
        self._builder.enter(op.name)
        values = converter(op, self._builder)
        listed = [values] if isinstance(values, Value) else values
        return {
            name: Slot(inferred[name], value)
            for name, value in zip(node.output, listed, strict=False)
            if name
        }

    def _op(
        self,
        node: onnx.NodeProto,
        schema: Any,  # noqa: ANN401
        inferred: Mapping[str, TypeProto],
        slots: Mapping[str, Slot],
    ) -> Op:
        sizes = _sizes(node, slots)
        return Op(
            name=self._unique(node),
            kind=node.op_type,
            version=schema.since_version,
            inputs=tuple(slots[name].value if name else None for name in node.input),
            kinds=tuple(kind_of(slots[name].type) if name else "" for name in node.input),
            results=tuple(result_of(inferred, name, sizes) for name in node.output if name),
            attributes={each.name: attribute_of(each) for each in node.attribute},
        )

    def _unique(self, node: onnx.NodeProto) -> str:
        """Return a name that no other node has."""
        base = name = node.name or next(filter(None, node.output), node.op_type)
        number = 1
        while name in self._names:
            number += 1
            name = f"{base}_{number}"
        self._names.add(name)
        return name

    def _note(self, node: onnx.NodeProto, reason: str, needs: tuple[str, ...] = ()) -> None:
        shown = ", ".join(str(helper.printable_attribute(each)) for each in node.attribute)
        name = node.name or next(filter(None, node.output), "")
        self.problems.append(Problem(name, node.op_type, shown[:200], reason, needs))

    def _branch(
        self,
        node: onnx.NodeProto,
        slots: Mapping[str, Slot],
        versions: Mapping[str, int],
        depth: int,
    ) -> Mapping[str, Slot]:
        """Convert the branch of an If that is taken, where that is known."""
        condition = slots[node.input[0]].value
        if condition is None or condition.array is None:
            raise Refused(
                "which branch is taken depends on the input", "export without control flow", (0,)
            )
        wanted = "then_branch" if bool(condition.array.reshape(-1)[0]) else "else_branch"
        graph = next(each.g for each in node.attribute if each.name == wanted)
        inner = dict(slots)
        for tensor in graph.initializer:
            inner[tensor.name] = constant(array_of(tensor, tensor.name))
        self._nodes(graph.node, inner, versions, depth + 1)
        pairs = zip(node.output, graph.output, strict=True)
        return {outer: inner[output.name] for outer, output in pairs}

    def _body(
        self,
        node: onnx.NodeProto,
        schema: Any,  # noqa: ANN401
        slots: Mapping[str, Slot],
        versions: Mapping[str, int],
        depth: int,
    ) -> Mapping[str, Slot]:
        """Convert the nodes that ONNX defines an operator by."""
        types = [slots[name].type if name else TypeProto() for name in node.input]
        body = body_of(schema, node, types, versions)
        if body is None or depth > _DEEPEST:
            raise ops.refusal(node.op_type, schema.since_version)
        inner = {
            formal: slots[actual]
            for formal, actual in zip(body.input, node.input, strict=False)
            if actual
        }
        nodes = nodes_of(body, node, schema)
        inside = {domain_of(each.domain): each.version for each in body.opset_import}
        before = len(self.problems)
        self._nodes(nodes, inner, {**versions, **inside}, depth + 1)
        self._blame(node, before, _sizes(node, slots))
        pairs = zip(node.output, body.output, strict=False)
        return {outer: inner[name] for outer, name in pairs if outer and name in inner}

    def _blame(self, node: onnx.NodeProto, before: int, sizes: tuple[int, ...]) -> None:
        """Turn problems inside of a node's body into one of the node itself."""
        inner = self.problems[before:]
        if inner:
            del self.problems[before:]
            needs = tuple(n for each in inner for n in each.needs if n in node.input)
            if not needs and any(each.needs for each in inner):
                needs = tuple(node.input[i] for i in sizes)
            reasons = dict.fromkeys(f"{each.op}: {each.reason}" for each in inner)
            self._note(node, "; ".join(reasons), needs)


def _sizes(node: onnx.NodeProto, slots: Mapping[str, Slot]) -> tuple[int, ...]:
    """Return the inputs, by index, that the shape of a result may depend on: open vectors."""
    found = [
        index
        for index, name in enumerate(node.input)
        if (value := slots[name].value if name else None) is not None
        if value.array is None and value.rank < 2
    ]
    # The first is data more often than a size.
    return tuple(index for index in found if index) or tuple(found)
