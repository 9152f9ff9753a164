import pytest

from card import Tensor
from converter.graph import Attribute, DType, Graph, Output, Shape
from converter.model_json import attribute, encode
from tests.converter.building import f32, node


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, {"b": True}),
        (3, {"i": "3"}),
        (0.5, {"f": 0.5}),
        ("SAME", {"s": "U0FNRQ=="}),
        (DType("DT_FLOAT"), {"type": "DT_FLOAT"}),
        (Shape((1, -1)), {"shape": {"dim": [{"size": "1"}, {"size": "-1"}]}}),
        ((), {"list": {}}),
        ((1, 2), {"list": {"i": ["1", "2"]}}),
        ((0.5,), {"list": {"f": [0.5]}}),
        (("BiasAdd", "Relu"), {"list": {"s": ["Qmlhc0FkZA==", "UmVsdQ=="]}}),
    ],
)
def test_attributes_are_protobuf_s_json(value: Attribute, expected: object) -> None:
    assert attribute(value) == expected


WEIGHT = {"name": "w", "shape": [2], "dtype": "float32"}
SMALL_NETWORK = {
    "format": "graph-model",
    "generatedBy": "glassbooth",
    "convertedBy": "glassbooth",
    "signature": {
        "inputs": {
            "image": {
                "name": "image:0",
                "dtype": "DT_INT32",
                "tensorShape": {"dim": [{"size": "1"}, {"size": "2"}]},
            }
        },
        "outputs": {
            "y": {
                "name": "y:0",
                "dtype": "DT_FLOAT",
                "tensorShape": {"dim": [{"size": "1"}, {"size": "2"}]},
            }
        },
    },
    "modelTopology": {
        "node": [
            {
                "name": "image",
                "op": "Placeholder",
                "attr": {
                    "dtype": {"type": "DT_INT32"},
                    "shape": {"shape": {"dim": [{"size": "1"}, {"size": "2"}]}},
                },
            },
            {"name": "w", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}}},
            {
                "name": "y",
                "op": "Mul",
                "input": ["image", "w"],
                "attr": {"T": {"type": "DT_FLOAT"}},
            },
        ],
        "library": {},
        "versions": {"producer": 1, "minConsumer": 1},
    },
    "weightsManifest": [{"paths": ["m-0.bin"], "weights": [WEIGHT]}],
}


def test_a_small_network_in_full() -> None:
    graph = Graph(
        inputs=(Tensor("image", (1, 2), "int32"),),
        outputs=(Output(Tensor("y", (1, 2), "float32"), "y"),),
        nodes=(node("y", "Mul", "image", "w", T=DType("DT_FLOAT")),),
        weights={"w": f32([1, 2])},
    )
    assert encode(graph, [WEIGHT], ["m-0.bin"]) == SMALL_NETWORK
