"""Operators that ONNX defines as functions of other operators."""

from collections.abc import Mapping, Sequence
from typing import Any

import onnx
from onnx import AttributeProto, TypeProto


def body_of(
    schema: Any,  # noqa: ANN401
    node: onnx.NodeProto,
    types: Sequence[TypeProto],
    versions: Mapping[str, int],
) -> onnx.FunctionProto | None:
    """Return the function that ONNX defines an operator by; None if it is primitive.

    Args:
        schema: The operator's schema.
        node: The node.
        types: Types of its inputs.
        versions: Operator set version by domain; the newest body that fits is returned.
    """
    newest = versions.get("", onnx.defs.onnx_opset_version())
    fitting = [each for each in schema.context_dependent_function_opset_versions if each <= newest]
    if fitting:
        content: bytes = schema.get_context_dependent_function_with_opset_version(
            max(fitting), node.SerializeToString(), [each.SerializeToString() for each in types]
        )
        return onnx.FunctionProto.FromString(content) if content else None
    plain = [each for each in schema.function_opset_versions if each <= newest]
    if plain:
        body: onnx.FunctionProto | bytes = schema.get_function_with_opset_version(max(plain))
        return onnx.FunctionProto.FromString(body) if isinstance(body, bytes) else body
    return None


def nodes_of(
    body: onnx.FunctionProto,
    node: onnx.NodeProto,
    schema: Any,  # noqa: ANN401
) -> list[onnx.NodeProto]:
    """Return the nodes of a body, with the attributes of the node that it replaces."""
    given = {each.name: each for each in node.attribute}
    for each in body.attribute_proto:
        given.setdefault(each.name, each)
    for name, default in schema.attributes.items():
        if default.default_value.name:
            given.setdefault(name, default.default_value)
    pairs = zip(body.input, node.input, strict=False)
    absent = set(body.input) - {formal for formal, actual in pairs if actual}
    prefix = node.name or node.output[0]
    return [_bound(each, prefix, given, absent) for each in body.node]


def _bound(
    node: onnx.NodeProto, prefix: str, given: Mapping[str, AttributeProto], absent: set[str]
) -> onnx.NodeProto:
    """Return a copy of a body's node with its references to attributes resolved.

    Args:
        node: The body's node.
        prefix: Prepended to its name.
        given: Attributes of the node that the body replaces, by name.
        absent: Inputs of the body that are left out.
    """
    bound = onnx.NodeProto()
    bound.CopyFrom(node)
    bound.name = f"{prefix}/{node.name or node.output[0]}"
    del bound.attribute[:]
    for attribute in node.attribute:
        if not attribute.ref_attr_name:
            bound.attribute.append(attribute)
        elif attribute.ref_attr_name in given:
            copy = onnx.AttributeProto()
            copy.CopyFrom(given[attribute.ref_attr_name])
            copy.name = attribute.name
            bound.attribute.append(copy)
    del bound.input[:]
    bound.input.extend("" if name in absent else name for name in node.input)
    return bound
