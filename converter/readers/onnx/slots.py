"""Types and values of an ONNX graph's tensors, and type inference by ONNX's schemas."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import onnx
import onnx.shape_inference
from numpy.typing import NDArray
from onnx import AttributeProto, TensorProto, TypeProto, helper, numpy_helper

from converter.emit.refusals import Refused
from converter.emit.values import DTYPES, Value
from converter.errors import SourceError
from converter.readers.onnx.op import Result

_SMALL = 4096
"""Maximum number of elements of constants that shape inference reads: they may be shapes."""

_AS_INPUT = frozenset({"MeanVarianceNormalization"})
"""Operators without shape inference in ONNX; their output has the type of their input."""


@dataclass(frozen=True)
class Slot:
    """A tensor of the file.

    Attributes:
        type: Its ONNX type.
        value: Its value in the graph; None if it could not be converted.
    """

    type: TypeProto
    value: Value | None


def constant(array: NDArray[Any]) -> Slot:
    """Return the slot of a constant."""
    element = helper.np_dtype_to_tensor_dtype(array.dtype)
    kind = helper.make_tensor_type_proto(element, array.shape)
    dtype = DTYPES.get(kind_of(kind), kind_of(kind))
    return Slot(kind, Value("", array.shape, dtype, array))


def kind_of(type_: TypeProto) -> str:
    """Return the dtype of a tensor in numpy's spelling, such as ``float16``."""
    if not type_.HasField("tensor_type"):
        return str(type_.WhichOneof("value") or "unknown")
    name = TensorProto.DataType.Name(type_.tensor_type.elem_type).lower()
    return str({"float": "float32", "double": "float64"}.get(name, name))


def domain_of(domain: str) -> str:
    """Return the name of a domain; that of ONNX's own operators is empty."""
    return "" if domain == "ai.onnx" else domain


def schema_of(node: onnx.NodeProto, versions: Mapping[str, int]) -> Any:  # noqa: ANN401 - onnx does not export the type
    """Return the schema of a node's operator; None if ONNX has none."""
    domain = domain_of(node.domain)
    try:
        return onnx.defs.get_schema(node.op_type, versions.get(domain, 1), domain)
    except onnx.defs.SchemaError:
        return None


def opsets(versions: Mapping[str, int]) -> list[onnx.OperatorSetIdProto]:
    """Return versions by domain as a model's ``opset_import``."""
    return [helper.make_opsetid(domain, version) for domain, version in versions.items()]


def infer(
    schema: Any,  # noqa: ANN401
    node: onnx.NodeProto,
    slots: Mapping[str, Slot],
    versions: Mapping[str, int],
) -> Mapping[str, TypeProto]:
    """Return the types of a node's outputs by name, as far as ONNX can infer them."""
    known = {name: slots[name] for name in node.input if name}
    data = {
        name: numpy_helper.from_array(slot.value.array)
        for name, slot in known.items()
        if slot.value is not None and slot.value.array is not None and slot.value.size <= _SMALL
    }
    types = {name: slot.type for name, slot in known.items()}
    if node.op_type in _AS_INPUT and not node.domain:
        return {node.output[0]: types[node.input[0]]}
    try:
        return onnx.shape_inference.infer_node_outputs(
            schema, node, types, data, opset_imports=opsets(versions)
        )
    except (onnx.shape_inference.InferenceError, RuntimeError, ValueError):
        return {}


def result_of(inferred: Mapping[str, TypeProto], name: str, open_: tuple[int, ...]) -> Result:
    """Return the dtype and shape of an output.

    Args:
        inferred: Types of the node's outputs, by name.
        name: The output.
        open_: Indices of the inputs that its shape may depend on.

    Raises:
        Refused: If TF.js lacks its dtype, or its shape is not known.
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


def array_of(tensor: TensorProto, where: str) -> NDArray[Any]:
    """Return the content of a tensor; ``where`` is used in error messages.

    Raises:
        SourceError: If its bytes do not fit its type and shape.
    """
    try:
        return numpy_helper.to_array(tensor)
    except (ValueError, TypeError, NotImplementedError) as error:
        raise SourceError(f"{where}: cannot be read: {error}") from error


def attribute_of(attribute: AttributeProto) -> Any:  # noqa: ANN401 - of any type
    """Return an attribute as Python numbers, strings and lists, and numpy arrays."""
    value = helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, TensorProto):
        return numpy_helper.to_array(value)
    if attribute.type == AttributeProto.STRINGS:
        return [each.decode(errors="replace") for each in value]
    return value
