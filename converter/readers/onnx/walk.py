"""Visits an ONNX graph node by node, and converts, folds or expands each node.

Nodes whose inputs are all constants are computed by ``onnx``'s reference implementation. Types and
shapes come from ``onnx``'s inference, one node at a time, so that a shape that was computed just
before is known. An operator without a converter is replaced by its body, where ONNX defines it as
a function of other operators.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import onnx
from onnx import TypeProto, helper

from converter.emit.builder import Builder
from converter.emit.refusals import Problem, Refused, Unconvertible
from converter.emit.values import Value
from converter.errors import SourceError
from converter.readers.onnx import operators
from converter.readers.onnx.bodies import body_of, nodes_of
from converter.readers.onnx.folding import folded
from converter.readers.onnx.op import Op
from converter.readers.onnx.refusals import refusal
from converter.readers.onnx.slots import (
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
"""Maximum nesting of function bodies."""


@dataclass(frozen=True)
class _Scope:
    """A graph, a branch or a function body.

    Attributes:
        slots: The tensors so far, by name; filled while the nodes are visited.
        versions: Operator set version by domain.
        depth: Number of branches and bodies around it.
    """

    slots: dict[str, Slot]
    versions: Mapping[str, int]
    depth: int = 0

    def inner(self, slots: dict[str, Slot], versions: Mapping[str, int] | None = None) -> "_Scope":
        """Return a scope nested in this one, with more or other versions."""
        return _Scope(slots, {**self.versions, **(versions or {})}, self.depth + 1)


class Walk:
    """One pass over a model's graph.

    Attributes:
        problems: The nodes that could not be converted so far.
    """

    def __init__(self, model: onnx.ModelProto, name: str, builder: Builder) -> None:
        self._model, self._name, self._builder = model, name, builder
        self._scope = _Scope({}, _versions(model.opset_import))
        self._names: set[str] = set()
        self.problems: list[Problem] = []
        for tensor in model.graph.initializer:
            self._scope.slots[tensor.name] = constant(array_of(tensor, f"{name}: {tensor.name}"))

    def define(self, name: str, value: Value, kind: TypeProto) -> None:
        """Set the value and type of an input of the graph."""
        self._scope.slots[name] = Slot(kind, value)

    def run(self) -> None:
        """Convert all nodes; those that cannot be converted are added to `problems`."""
        self._nodes(self._model.graph.node, self._scope)

    def check(self) -> None:
        """Raise an error if nodes could not be converted.

        Raises:
            Unconvertible: Lists all of them.
        """
        if self.problems:
            raise Unconvertible(self._name, self.problems)

    def result(self, name: str) -> tuple[Value, str]:
        """Return the value and the ONNX dtype of an output of the graph.

        Raises:
            SourceError: If no node makes it, or its shape is not fixed.
            Unconvertible: If it depends on nodes that could not be converted.
        """
        slot = self._scope.slots.get(name)
        if slot is None:
            raise SourceError(f"{self._name}: output {name} is made by no node")
        if slot.value is None:
            self.check()
            raise SourceError(f"{self._name}: output {name} has no fixed shape")
        return slot.value, kind_of(slot.type)

    def references(self) -> dict[str, str]:
        """Return the reference for each tensor of the graph that is computed."""
        names = (name for node in self._model.graph.node for name in node.output if name)
        values = ((name, self._scope.slots[name].value) for name in names)
        return {name: value.reference for name, value in values if value and value.reference}

    def _nodes(self, nodes: Iterable[onnx.NodeProto], scope: _Scope) -> None:
        for node in nodes:
            missing = [name for name in node.input if name and name not in scope.slots]
            if missing:
                raise SourceError(
                    f"{self._name}: {node.op_type} {node.name} takes {missing[0]}, "
                    "which is not made before it"
                )
            self._node(node, scope)

    def _node(self, node: onnx.NodeProto, scope: _Scope) -> None:
        """Add the outputs of a node to the scope, without values if it cannot be converted."""
        results: Mapping[str, Slot] = {}
        schema = schema_of(node, scope.versions)
        inferred = infer(schema, node, scope.slots, scope.versions) if schema else {}
        try:
            results = self._converted(node, schema, inferred, scope)
        except Refused as refused:
            needs = tuple(node.input[index] for index in refused.needs)
            self._note(node, str(refused), needs)
        for name in filter(None, node.output):
            scope.slots[name] = results.get(name) or Slot(inferred.get(name, TypeProto()), None)

    def _converted(
        self,
        node: onnx.NodeProto,
        schema: Any,  # noqa: ANN401 - onnx does not export the type
        inferred: Mapping[str, TypeProto],
        scope: _Scope,
    ) -> Mapping[str, Slot]:
        """Return the outputs of a node by name; empty if an input could not be converted."""
        if schema is None:
            domain = node.domain or "ai.onnx"
            raise Refused(f"{domain} has no such operator", "export with standard operators")
        if node.op_type == "If" and not node.domain:
            return self._branch(node, scope)
        if any(name and scope.slots[name].value is None for name in node.input):
            return {}
        if (computed := folded(node, scope.slots, scope.versions, inferred)) is not None:
            return computed
        converter = operators.find(domain_of(node.domain), node.op_type, schema.since_version)
        if converter is None:
            return self._body(node, schema, scope)
        op = self._op(node, schema.since_version, inferred, scope.slots)
        self._builder.enter(op.name)
        values = converter(op, self._builder)
        listed = [values] if isinstance(values, Value) else values
        pairs = zip(node.output, listed, strict=False)
        return {name: Slot(inferred[name], value) for name, value in pairs if name}

    def _op(
        self,
        node: onnx.NodeProto,
        version: int,
        inferred: Mapping[str, TypeProto],
        slots: Mapping[str, Slot],
    ) -> Op:
        sizes = _sizes(node, slots)
        return Op(
            name=self._unique(node),
            kind=node.op_type,
            version=version,
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

    def _branch(self, node: onnx.NodeProto, scope: _Scope) -> Mapping[str, Slot]:
        """Convert the branch of an If whose condition is constant."""
        condition = scope.slots[node.input[0]].value
        if condition is None or condition.array is None:
            raise Refused(
                "which branch is taken depends on the input", "export without control flow", (0,)
            )
        wanted = "then_branch" if bool(condition.array.reshape(-1)[0]) else "else_branch"
        graph = next(each.g for each in node.attribute if each.name == wanted)
        inner = scope.inner(dict(scope.slots))
        for tensor in graph.initializer:
            inner.slots[tensor.name] = constant(array_of(tensor, tensor.name))
        self._nodes(graph.node, inner)
        pairs = zip(node.output, graph.output, strict=True)
        return {outer: inner.slots[output.name] for outer, output in pairs}

    def _body(
        self,
        node: onnx.NodeProto,
        schema: Any,  # noqa: ANN401
        scope: _Scope,
    ) -> Mapping[str, Slot]:
        """Convert the nodes that ONNX defines an operator by."""
        types = [scope.slots[name].type if name else TypeProto() for name in node.input]
        body = body_of(schema, node, types, scope.versions)
        if body is None or scope.depth > _DEEPEST:
            raise refusal(node.op_type, schema.since_version)
        arguments = zip(body.input, node.input, strict=False)
        slots = {formal: scope.slots[actual] for formal, actual in arguments if actual}
        inner, before = scope.inner(slots, _versions(body.opset_import)), len(self.problems)
        self._nodes(nodes_of(body, node, schema), inner)
        self._attribute_problems(node, before, _sizes(node, scope.slots))
        pairs = zip(node.output, body.output, strict=False)
        return {outer: slots[name] for outer, name in pairs if outer and name in slots}

    def _attribute_problems(
        self, node: onnx.NodeProto, before: int, sizes: tuple[int, ...]
    ) -> None:
        """Replace the problems inside a node's body by one problem of the node itself.

        Args:
            node: The node.
            before: Number of problems before its body was converted.
            sizes: Indices of the inputs that its results' shapes may depend on.
        """
        inner = self.problems[before:]
        if inner:
            del self.problems[before:]
            needs = tuple(n for each in inner for n in each.needs if n in node.input)
            if not needs and any(each.needs for each in inner):
                needs = tuple(node.input[i] for i in sizes)
            reasons = dict.fromkeys(f"{each.op}: {each.reason}" for each in inner)
            self._note(node, "; ".join(reasons), needs)


def _versions(imports: Iterable[onnx.OperatorSetIdProto]) -> dict[str, int]:
    """Return operator set versions by domain."""
    return {domain_of(each.domain): each.version for each in imports}


def _sizes(node: onnx.NodeProto, slots: Mapping[str, Slot]) -> tuple[int, ...]:
    """Return indices of the computed inputs with at most one axis: they may be shapes."""
    found = [
        index
        for index, name in enumerate(node.input)
        if (value := slots[name].value if name else None) is not None
        if value.array is None and value.rank < 2
    ]
    # The first is data more often than a size.
    return tuple(index for index in found if index) or tuple(found)
