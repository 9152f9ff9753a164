import json
from typing import Any

import numpy as np
import pytest

from card import Card, CardError, Kind, Stored, resampled

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def raw() -> dict[str, Any]:
    return {
        "format": 2,
        "name": "digits",
        "title": "Handwritten digits",
        "version": "0123456789ab",
        "license": "Apache-2.0",
        "source": "Trained on MNIST.",
        "input": {"kind": "drawing", "options": {"box": 0.5}},
        "output": None,
        "inputs": [{"name": "image", "shape": [1, 28, 28, 1], "dtype": "float32"}],
        "outputs": [{"name": "probabilities", "shape": [1, 10], "dtype": "float32"}],
        "labels": ["0", "é"],
        "metrics": [{"name": "accuracy", "dataset": "MNIST", "float32": 1, "shipped": 0.99}],
        "files": [
            {"path": "model.json", "bytes": 0, "sha256": EMPTY},
            {"path": "golden-a.bin", "bytes": 0, "sha256": EMPTY},
        ],
        "parity": {"source": "keras", "float32": 1e-7, "shipped": 0.003, "tolerance": 0.01},
        "golden": {
            "path": "golden-a.bin",
            "cases": [
                {
                    "inputs": [{"offset": 0, "shape": [1, 2], "dtype": "uint8", "scale": 0.5}],
                    "outputs": [{"offset": 4, "shape": [1, 1], "dtype": "float32", "scale": 1.0}],
                }
            ],
        },
    }


def with_field(path: str, value: object) -> str:
    card: Any = raw()
    *parents, last = (int(key) if key.isdigit() else key for key in path.split("."))
    inner = card
    for key in parents:
        inner = inner[key]
    inner[last] = value
    return json.dumps(card)


def test_a_card_reads_as_dataclasses() -> None:
    card = Card.from_json(json.dumps(raw()))
    assert card.inputs[0].shape == (1, 28, 28, 1)
    assert card.labels == ("0", "é")
    assert card.metrics[0].float32 == 1.0
    assert card.golden.cases[0].outputs[0].offset == 4
    assert card.input == Kind("drawing", {"box": 0.5})
    assert card.output is None
    assert (card.input_options, card.output_options) == ({"box": 0.5}, {})


def test_a_card_survives_the_round_trip() -> None:
    card = Card.from_json(json.dumps(raw()))
    text = card.to_json()
    assert text.startswith('{\n  "format": 2,\n  "name": "digits"')
    assert text.endswith("}\n")
    assert "é" in text
    assert Card.from_json(text) == card


def test_the_version_comes_from_everything_else() -> None:
    card = Card.from_json(json.dumps(raw())).sealed()
    assert card.sealed() == card
    assert Card.from_json(card.to_json()).sealed().version == card.version
    assert Card.from_json(with_field("version", "")).sealed().version == card.version
    assert Card.from_json(with_field("title", "Other")).sealed().version != card.version


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", 1, r"^card.json: format: expected 2, the only one there is, got 1"),
        ("name", "Digits!", r"name: expected lower-case letters, digits and dashes, got 'Digits!'"),
        ("title", 3, r"title: expected text, got 3"),
        ("version", "xyz", r"version: expected 12 hex digits, got 'xyz'"),
        ("extra", 1, r"extra: is not a field of format 2"),
        ("inputs", {}, r"inputs: expected a list, got {}"),
        ("inputs.0.shape", [1, "2"], r"inputs\[0\].shape\[1\]: expected a whole number, got '2'"),
        ("inputs.0.shape", [1, 0], r"inputs\[0\].shape: expected sides above 0, got \(1, 0\)"),
        ("inputs.0.shape", [True], r"inputs\[0\].shape\[0\]: expected a whole number, got True"),
        ("outputs.0.dtype", "f64", r"outputs\[0\].dtype: expected one of float32, .* got 'f64'"),
        ("inputs.0.dtype", "uint8", r"inputs\[0\].dtype: expected one of float32, int32, got"),
        (
            "golden.cases.0.inputs.0.dtype",
            "f2",
            r"dtype: expected one of float32, int32, int8, uint8",
        ),
        ("files.0.sha256", "AB", r"files\[0\].sha256: expected 64 hex digits, got 'AB'"),
        ("files.0.path", "../model.json", r"files\[0\].path: expected the plain name of a file"),
        ("files.0.bytes", -1, r"files\[0\].bytes: expected a size, got -1"),
        ("files.1.path", "other.bin", r"files: expected golden-a.bin among them"),
        ("parity.shipped", "low", r"parity.shipped: expected a number, got 'low'"),
        ("parity.shipped", float("nan"), r"parity.shipped: expected a finite number, got nan"),
        ("golden.cases.0.inputs.0.offset", 2, r"inputs\[0\].offset: expected a multiple of 4"),
        ("task", "digits", r"task: is not a field of format 2"),
        ("input.options", [], r"input.options: expected an object, got \[\]"),
        ("input.kind", "Drawing", r"input.kind: expected the name of a module, got 'Drawing'"),
        ("input", "drawing", r"input: expected an object, got 'drawing'"),
        ("output", {}, r"output.(kind|options): is missing"),
    ],
)
def test_a_wrong_field_is_named(path: str, value: object, message: str) -> None:
    with pytest.raises(CardError, match=message):
        Card.from_json(with_field(path, value))


def test_a_missing_field_is_named() -> None:
    card = raw()
    del card["parity"]["source"]
    with pytest.raises(CardError, match=r"card.json: parity.source: is missing"):
        Card.from_json(json.dumps(card))


def test_options_of_the_input_are_changed_in_a_copy() -> None:
    card = Card.from_json(json.dumps(raw()))
    changed = card.with_input_options(box=0.75, other=[1])
    assert changed.input == Kind("drawing", {"box": 0.75, "other": [1]})
    assert card.input == Kind("drawing", {"box": 0.5})
    without = Card.from_json(with_field("input", None))
    with pytest.raises(CardError, match="input: expected a kind, got none"):
        without.with_input_options(box=1)


@pytest.mark.parametrize(("text", "message"), [("<html>", "is not JSON"), ("[]", "an object")])
def test_other_content_is_refused(text: str, message: str) -> None:
    with pytest.raises(CardError, match=f"card.json: .*{message}"):
        Card.from_json(text)


def test_stored_values_are_scaled() -> None:
    values = Stored(4, (1, 2), "uint8", 0.5).values(bytes([9, 9, 9, 9, 3, 4]), "float32")
    np.testing.assert_array_equal(values, np.array([[1.5, 2]], np.float32))
    assert values.dtype == np.float32


def test_stored_values_may_be_below_zero() -> None:
    values = Stored(0, (2,), "int8", 0.5).values(bytes([254, 4]), "float32")
    np.testing.assert_array_equal(values, np.array([-1, 2], np.float32))


def test_stored_values_are_little_endian_and_may_be_whole_numbers() -> None:
    values = Stored(0, (1,), "int32", 1.0).values(bytes([1, 2, 0, 0]), "int32")
    assert values.dtype == np.int32
    assert values.tolist() == [513]


def test_a_golden_file_that_is_too_short_is_refused() -> None:
    with pytest.raises(CardError, match="golden: expected 8 bytes at least, got 7"):
        Stored(0, (2,), "float32", 1.0).values(bytes(7), "float32")


def test_few_values_fill_the_blocks_of_a_tensor() -> None:
    few = np.array([[[1], [2]], [[3], [4]]], np.float32)
    rows = [[1, 1, 1, 2, 2, 2], [1, 1, 1, 2, 2, 2], [3, 3, 3, 4, 4, 4], [3, 3, 3, 4, 4, 4]]
    many = resampled(few, (4, 6, 2))
    np.testing.assert_array_equal(many[..., 0], rows)
    np.testing.assert_array_equal(many[..., 1], rows)


def test_many_values_are_told_by_those_at_even_distances() -> None:
    many = np.arange(35, dtype=np.int32).reshape(5, 7)
    np.testing.assert_array_equal(resampled(many, (2, 3)), [[0, 2, 4], [14, 16, 18]])
    np.testing.assert_array_equal(resampled(many, (5, 7)), many)
