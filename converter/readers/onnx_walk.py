"""Walks through an ONNX graph node by node, and has each converted, folded or taken apart.

What depends on constants alone is computed by ``onnx``'s reference implementation; types and
shapes come from ``onnx``'s inference, one node at a time, so that a shape that was computed just
before is known. Operators without a converter are replaced by their body, where ONNX defines them
as functions of other operators.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import onnx.shape_inference
from numpy.typing import NDArray
from onnx import AttributeProto, TensorProto, TypeProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from converter import ops
from converter.errors import SourceError, UnsupportedError
from converter.ops.builder import Builder
from converter.ops.values import DTYPES, Op, Refused, Result, Value

_SHOWN_TO_INFERENCE = 4096
"""Constants of at most this many elements are shown to shape inference: they may be shapes."""

_FOLDED_AT_MOST = 1 << 26
"""Constants that would have more elements than this are not computed."""

_RANDOM = frozenset(
    {"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli"}
    | {"Multinomial"}
)
_DEEPEST = 16
"""How often bodies may stand in bodies."""


@dataclass(frozen=True)
class Slot:
    """What is known of a tensor: its type, and its value, unless that could not be made."""

    type: TypeProto
    value: Value | None


@dataclass(frozen=True)
class Problem:
    """A node that cannot be converted."""

    name: str
    op: str
    attributes: str
    reason: str
    needs: tuple[str, ...] = ()

    def __str__(self) -> str:
        given = f" ({self.attributes})" if self.attributes else ""
        return f"{self.op} {self.name}{given}: {self.reason}"


class Unconvertible(UnsupportedError):  # noqa: N818 - it tells about nodes
    """Some nodes that TF.js cannot compute.

    Attributes:
        problems: One for each of them.
    """

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        listing = "".join(f"\n  {each}" for each in problems)
        super().__init__(f"{name}: TF.js cannot compute {len(problems)} of the nodes:{listing}")
        self.problems = tuple(problems)


class Walk:
    """One pass over a model's graph.

    Attributes:
        problems: What could not be converted so far.
    """

    def __init__(self, model: onnx.ModelProto, name: str, builder: Builder) -> None:
        self._model, self._name, self._builder = model, name, builder
        self._versions = {_domain(each.domain): each.version for each in model.opset_import}
        self._slots: dict[str, Slot] = {}
        self._names: set[str] = set()
        self.problems: list[Problem] = []
        for tensor in model.graph.initializer:
            self._slots[tensor.name] = _constant(_array(tensor, f"{name}: {tensor.name}"))

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
        schema = _schema(node, versions)
        inferred = _infer(schema, node, slots, versions) if schema else {}
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
        if (folded := _folded(node, slots, versions, inferred)) is not None:
            return folded
        converter = ops.find(_domain(node.domain), node.op_type, schema.since_version)
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
        open_ = tuple(
            index
            for index, name in enumerate(node.input)
            if name and kind_of(slots[name].type) in {"int32", "int64"}
            if (value := slots[name].value) is not None and value.array is None
        )
        return Op(
            name=self._unique(node),
            kind=node.op_type,
            version=schema.since_version,
            inputs=tuple(slots[name].value if name else None for name in node.input),
            kinds=tuple(kind_of(slots[name].type) if name else "" for name in node.input),
            results=tuple(_result(inferred, name, open_) for name in node.output if name),
            attributes={each.name: _attribute(each) for each in node.attribute},
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
            inner[tensor.name] = _constant(_array(tensor, tensor.name))
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
        body = _function(schema, node, types, versions)
        if body is None or depth > _DEEPEST:
            raise Refused(
                f"there is no converter for version {schema.since_version} of this operator",
                "rebuild the model with other layers, or cut it off before this node and compute "
                "the rest in Python",
            )
        inner = {
            formal: slots[actual]
            for formal, actual in zip(body.input, node.input, strict=False)
            if actual
        }
        given = {each.name: each for each in node.attribute}
        for each in body.attribute_proto:
            given.setdefault(each.name, each)
        for name, default in schema.attributes.items():
            if default.default_value.name:
                given.setdefault(name, default.default_value)
        prefix, absent = node.name or node.output[0], set(body.input) - set(inner)
        nodes = [_bound(each, prefix, given, absent) for each in body.node]
        inside = {_domain(each.domain): each.version for each in body.opset_import}
        before = len(self.problems)
        self._nodes(nodes, inner, {**versions, **inside}, depth + 1)
        self._blame(node, before)
        pairs = zip(node.output, body.output, strict=False)
        return {outer: inner[name] for outer, name in pairs if outer and name in inner}

    def _blame(self, node: onnx.NodeProto, before: int) -> None:
        """Turn problems inside of a node's body into one of the node itself."""
        inner = self.problems[before:]
        if inner:
            del self.problems[before:]
            needs = tuple(n for each in inner for n in each.needs if n in node.input)
            reasons = dict.fromkeys(f"{each.op}: {each.reason}" for each in inner)
            self._note(node, "; ".join(reasons), needs)


def _domain(domain: str) -> str:
    return "" if domain == "ai.onnx" else domain


def kind_of(type_: TypeProto) -> str:
    """Return ONNX's name for the type of a tensor's elements, such as ``float16``."""
    if not type_.HasField("tensor_type"):
        return str(type_.WhichOneof("value") or "unknown")
    name = TensorProto.DataType.Name(type_.tensor_type.elem_type).lower()
    return str({"float": "float32", "double": "float64"}.get(name, name))


def _array(tensor: TensorProto, where: str) -> NDArray[Any]:
    try:
        return numpy_helper.to_array(tensor)
    except (ValueError, TypeError, NotImplementedError) as error:
        raise SourceError(f"{where}: cannot be read: {error}") from error


def _constant(array: NDArray[Any]) -> Slot:
    element = helper.np_dtype_to_tensor_dtype(array.dtype)
    kind = helper.make_tensor_type_proto(element, array.shape)
    dtype = DTYPES.get(kind_of(kind), kind_of(kind))
    return Slot(kind, Value("", array.shape, dtype, array))


def _schema(node: onnx.NodeProto, versions: Mapping[str, int]) -> Any:  # noqa: ANN401
    domain = _domain(node.domain)
    try:
        return onnx.defs.get_schema(node.op_type, versions.get(domain, 1), domain)
    except onnx.defs.SchemaError:
        return None


def _opsets(versions: Mapping[str, int]) -> list[onnx.OperatorSetIdProto]:
    return [helper.make_opsetid(domain, version) for domain, version in versions.items()]


def _infer(
    schema: Any,  # noqa: ANN401
    node: onnx.NodeProto,
    slots: Mapping[str, Slot],
    versions: Mapping[str, int],
) -> Mapping[str, TypeProto]:
    """Return the types of what a node makes, as far as ONNX can tell."""
    known = {name: slots[name] for name in node.input if name}
    data = {
        name: numpy_helper.from_array(slot.value.array)
        for name, slot in known.items()
        if slot.value is not None
        and slot.value.array is not None
        and slot.value.size <= _SHOWN_TO_INFERENCE
    }
    types = {name: slot.type for name, slot in known.items()}
    try:
        return onnx.shape_inference.infer_node_outputs(
            schema, node, types, data, opset_imports=_opsets(versions)
        )
    except (onnx.shape_inference.InferenceError, RuntimeError, ValueError):
        return {}


def _result(inferred: Mapping[str, TypeProto], name: str, open_: tuple[int, ...]) -> Result:
    """Return what is known of an output; ``open_`` are inputs that its shape may depend on.

    Raises:
        Refused: If its type is none of TF.js's, or its shape is not known.
    """
    kind = kind_of(inferred.get(name, TypeProto()))
    if kind not in DTYPES:
        raise Refused(f"{name} is of type {kind}, which TF.js lacks", "use float32 or int32")
    shape = inferred[name].tensor_type.shape
    if not inferred[name].tensor_type.HasField("shape") or any(
        not each.HasField("dim_value") for each in shape.dim
    ):
        raise Refused(
            f"the shape of {name} depends on what the network computes",
            "cut the model off before this node, and do the rest in Python",
            open_,
        )
    sides = tuple(each.dim_value for each in shape.dim)
    if 0 in sides:
        raise Refused(f"{name} has the shape {sides}, which holds nothing", "leave the node out")
    return Result(kind, sides)


def _folded(
    node: onnx.NodeProto,
    slots: Mapping[str, Slot],
    versions: Mapping[str, int],
    inferred: Mapping[str, TypeProto],
) -> Mapping[str, Slot] | None:
    """Return what a node makes, if that depends on constants alone, or on a shape."""
    values = {name: slots[name].value for name in node.input if name}
    if node.op_type in {"Shape", "Size"} and not node.domain:
        feeds = {name: np.empty(value.shape, np.bool_) for name, value in values.items() if value}
    else:
        feeds = {
            name: value.array
            for name, value in values.items()
            if value is not None and value.array is not None
        }
        largest = max(map(_elements, inferred.values()), default=0)
        if node.op_type in _RANDOM or len(feeds) < len(values) or largest > _FOLDED_AT_MOST:
            return None
    model = _single(node, slots, versions)
    try:
        with np.errstate(all="ignore"):
            made = ReferenceEvaluator(model).run(None, feeds)
    except Exception:  # what the reference cannot do is converted instead
        return None
    names = [name for name in node.output if name]
    if not all(isinstance(each, np.ndarray | np.generic) for each in made):
        return None
    return {name: _constant(np.asarray(each)) for name, each in zip(names, made, strict=True)}


def _elements(type_: TypeProto) -> int:
    return int(np.prod([max(each.dim_value, 1) for each in type_.tensor_type.shape.dim] or [1]))


def _single(
    node: onnx.NodeProto, slots: Mapping[str, Slot], versions: Mapping[str, int]
) -> onnx.ModelProto:
    """Return a model of one node."""
    inputs = [
        onnx.ValueInfoProto(name=n, type=slots[n].type) for n in dict.fromkeys(node.input) if n
    ]
    outputs = [onnx.ValueInfoProto(name=name) for name in node.output if name]
    graph = helper.make_graph([node], "constant", inputs, outputs)
    return helper.make_model(graph, opset_imports=_opsets(versions))


def _attribute(attribute: AttributeProto) -> Any:  # noqa: ANN401
    value = helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, TensorProto):
        return numpy_helper.to_array(value)
    if attribute.type == AttributeProto.STRINGS:
        return [each.decode(errors="replace") for each in value]
    return value


def _function(
    schema: Any,  # noqa: ANN401
    node: onnx.NodeProto,
    types: Sequence[TypeProto],
    versions: Mapping[str, int],
) -> onnx.FunctionProto | None:
    """Return the body that ONNX defines an operator by, in the newest version that fits."""
    newest = versions.get("", onnx.defs.onnx_opset_version())
    fitting = [each for each in schema.context_dependent_function_opset_versions if each <= newest]
    if fitting:
        made: bytes = schema.get_context_dependent_function_with_opset_version(
            max(fitting), node.SerializeToString(), [each.SerializeToString() for each in types]
        )
        return onnx.FunctionProto.FromString(made) if made else None
    plain = [each for each in schema.function_opset_versions if each <= newest]
    if plain:
        body: onnx.FunctionProto | bytes = schema.get_function_with_opset_version(max(plain))
        return onnx.FunctionProto.FromString(body) if isinstance(body, bytes) else body
    return None


def _bound(
    node: onnx.NodeProto, prefix: str, given: Mapping[str, AttributeProto], absent: set[str]
) -> onnx.NodeProto:
    """Return a node of a body, with the attributes of the node that the body stands for."""
    bound = onnx.NodeProto()
    bound.CopyFrom(node)
    bound.name = f"{prefix}/{node.name or node.output[0]}"
    del bound.attribute[:]
    for attribute in node.attribute:
        if not attribute.ref_attr_name:
            bound.attribute.append(attribute)
        elif attribute.ref_attr_name in given:
            made = onnx.AttributeProto()
            made.CopyFrom(given[attribute.ref_attr_name])
            made.name = attribute.name
            bound.attribute.append(made)
    del bound.input[:]
    bound.input.extend("" if name in absent else name for name in node.input)
    return bound
