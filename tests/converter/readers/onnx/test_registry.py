import pytest

from converter.readers.onnx import operators
from converter.readers.onnx.operators.activations import leaky_relu
from converter.readers.onnx.registry import converts


def test_a_converter_is_found_by_the_version_of_its_schema() -> None:
    assert operators.find("", "LeakyRelu", 16) is leaky_relu
    assert operators.find("", "LeakyRelu", 15) is None
    assert operators.find("elsewhere", "LeakyRelu", 16) is None


def test_nothing_is_converted_twice() -> None:
    with pytest.raises(ValueError, match=r"op='LeakyRelu', version=16.* is converted twice"):
        converts("LeakyRelu", since=16)(leaky_relu)


def test_versions_must_be_named() -> None:
    with pytest.raises(ValueError, match="LeakyRelu: name the versions"):
        converts("LeakyRelu", since=())
