"""An ONNX model made ready for conversion: validated, functions inlined, input shapes fixed."""

from collections.abc import Mapping

import onnx
import onnx.inliner
from onnx import helper

from converter.errors import SourceError, first_line
from converter.readers import input_shapes

OLDEST = 7
"""The first operator set that is read; older ones broadcast by other rules."""


def prepare(
    model: onnx.ModelProto, name: str, shapes: Mapping[str, tuple[int, ...]]
) -> onnx.ModelProto:
    """Return a model whose functions are inlined, and whose inputs have fixed shapes.

    Args:
        model: The model as it was read.
        name: What error messages call it.
        shapes: Shapes of inputs that the model leaves open, by name.

    Raises:
        SourceError: If it is not valid ONNX, is too old or too new, or leaves a dimension open.
    """
    _check_version(model, name)
    try:
        onnx.checker.check_model(model)
        model = onnx.inliner.inline_local_functions(model)
    except Exception as error:  # the checker has a class of its own, the inliner another
        raise SourceError(f"{name}: is not valid ONNX: {first_line(error)}") from error
    constants = {each.name for each in model.graph.initializer}
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    inputs = [each for each in fixed.graph.input if each.name not in constants]
    try:
        input_shapes.check_names(shapes, [each.name for each in inputs])
        for each in inputs:
            _fix(each, shapes.get(each.name))
    except SourceError as error:
        raise SourceError(f"{name}: {error}") from error
    return fixed


def _check_version(model: onnx.ModelProto, name: str) -> None:
    newest = onnx.defs.onnx_opset_version()
    versions = [each.version for each in model.opset_import if each.domain in {"", "ai.onnx"}]
    for version in versions:
        if not OLDEST <= version <= newest:
            raise SourceError(
                f"{name}: uses operator set {version}; what can be read is {OLDEST} to {newest}. "
                "Export it again, or convert it with onnx.version_converter"
            )


def _fix(value: onnx.ValueInfoProto, given: tuple[int, ...] | None) -> None:
    """Set an input's open dimensions: 1 for the batch, the user's shape for the rest."""
    if value.type.WhichOneof("value") != "tensor_type":
        raise SourceError(f"input {value.name} is no tensor; TF.js takes tensors alone")
    tensor = value.type.tensor_type
    known: list[int | str | None] | None = None
    if tensor.HasField("shape"):
        known = [each.dim_value or each.dim_param or None for each in tensor.shape.dim]
    shape = input_shapes.fixed(value.name, known, given, channels_first=True)
    value.CopyFrom(helper.make_tensor_value_info(value.name, tensor.elem_type, shape))
