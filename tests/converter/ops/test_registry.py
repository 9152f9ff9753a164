import pytest

from converter import ops
from converter.ops.activations import leaky_relu
from converter.ops.registry import converts


def test_a_converter_is_found_by_the_version_of_its_schema() -> None:
    assert ops.find("", "LeakyRelu", 16) is leaky_relu
    assert ops.find("", "LeakyRelu", 15) is None
    assert ops.find("elsewhere", "LeakyRelu", 16) is None


def test_nothing_is_converted_twice() -> None:
    with pytest.raises(ValueError, match=r"op='LeakyRelu', version=16.* is converted twice"):
        converts("LeakyRelu", 16)(leaky_relu)


def test_versions_must_be_named() -> None:
    with pytest.raises(ValueError, match="LeakyRelu: name the versions"):
        converts("LeakyRelu")
