import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from converter.emit.refusals import Unconvertible
from converter.readers.onnx import from_model


def suppression() -> onnx.ModelProto:
    node = helper.make_node("NonMaxSuppression", ["boxes", "scores", "most"], ["chosen"], "nms")
    inputs = [
        helper.make_tensor_value_info("boxes", TensorProto.FLOAT, (1, 6, 4)),
        helper.make_tensor_value_info("scores", TensorProto.FLOAT, (1, 2, 6)),
    ]
    outputs = [helper.make_tensor_value_info("chosen", TensorProto.INT64, (None, 3))]
    most = helper.make_tensor("most", TensorProto.INT64, (1,), np.array([3]))
    graph = helper.make_graph([node], "g", inputs, outputs, [most])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    return model


def test_a_choice_of_boxes_is_refused_with_a_way_out() -> None:
    with pytest.raises(
        Unconvertible,
        match=r"NonMaxSuppression nms: how many boxes there are depends on what the network "
        r"computes.*; make boxes and scores outputs .* as outputs\.boxes does",
    ):
        from_model(suppression(), "detector")
