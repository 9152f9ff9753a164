from pathlib import Path

import keras
import pytest
from keras import layers

from converter import bundle, cli
from converter.quantize import SCHEMES


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    keras.utils.set_random_seed(1)
    image = x = keras.Input((8, 8, 1), name="image")
    x = layers.Conv2D(16, 5, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.DepthwiseConv2D(3, padding="same")(x)
    x = layers.ReLU(max_value=6)(layers.BatchNormalization()(x))
    x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    path = tmp_path_factory.mktemp("keras") / "small.keras"
    keras.Model(
        image, layers.Dense(10, "softmax", bias_initializer="ones", name="probabilities")(x)
    ).save(path)
    return path


@pytest.mark.parametrize("scheme", [*SCHEMES, "auto"])
def test_a_keras_model_becomes_a_bundle_that_tfjs_agrees_with(
    model: Path, scheme: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "small"
    convert = ["convert", str(model), "--name", "small", "--quantize", scheme, "--out", str(out)]
    assert cli.main(convert) == 0
    card, files = bundle.load(out)
    assert card.inputs[0].name == "image"
    assert card.outputs[0].name == "probabilities"
    assert card.parity.float32 < 1e-6
    assert card.parity.float32 <= card.parity.shipped < 0.01
    assert sum(map(len, files.values())) < 12_000
    assert cli.main(["check", str(out)]) == 0
    assert "FAILED" not in capsys.readouterr().out


def test_inspect_shows_what_is_fused(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["inspect", str(model)]) == 0
    shown = capsys.readouterr().out
    assert "inputs:  image float32 [1, 8, 8, 1]" in shown
    assert "outputs: probabilities float32 [1, 10]" in shown
    assert "1 _FusedConv2D" in shown
    assert "1 FusedDepthwiseConv2dNative" in shown
    assert "1 _FusedMatMul" in shown
    assert "BiasAdd" not in shown
