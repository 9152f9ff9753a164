from pathlib import Path

import numpy as np
import pytest

from card import Tensor
from converter import examples
from converter.errors import SourceError
from converter.golden import Sample
from tests.converter.building import f32, i32

X, N = Tensor("x", (1, 2), "float32"), Tensor("n", (3,), "int32")


def test_arrays_hold_one_example_or_many(tmp_path: Path) -> None:
    for name, array in {"a": f32([0.3, 4]), "b": f32([[1, 2]]), "c": f32([[1, 2], [3, 4]])}.items():
        np.save(tmp_path / name, array)
    (tmp_path / "notes.txt").write_text("not read")
    loaded = examples.load(tmp_path, [X])
    values = [sample.stored.tolist() for (sample,) in loaded]
    assert values == [[[np.float32(0.3), 4]], [[1, 2]], [[1, 2]], [[3, 4]]]


def test_several_inputs_are_told_apart_by_their_names(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", n=i32([[1, 2, 300], [4, 5, 6]]), x=f32([[1, 2], [0.3, 4]]))
    first, second = examples.load(tmp_path / "a.npz", [X, N])
    assert [sample.stored.dtype.name for sample in first] == ["uint8", "int32"]
    assert [sample.stored.dtype.name for sample in second] == ["float32", "uint8"]
    assert first[1].stored.tolist() == [1, 2, 300]


def test_bytes_are_stored_as_bytes() -> None:
    picture = np.arange(256, dtype=np.uint8)
    assert examples.sample(picture, "float32").scale == 1
    unit = examples.sample(picture * np.float32(1 / 255), "float32")
    assert unit.scale == 1 / 255
    np.testing.assert_array_equal(unit.stored, picture)
    assert examples.sample(f32([-1, 0]), "float32").stored.dtype == np.float32


def test_arrays_in_memory_become_samples() -> None:
    ready = Sample(np.zeros((1, 2), np.uint8), 0.5)
    made = examples.gathered([(f32([[1, 2]]),), (ready,)], [X])
    assert [each.scale for (each,) in made] == [1, 0.5]
    assert examples.gathered((), [X]) == []


def test_no_more_are_shipped_than_visitors_should_load() -> None:
    photograph = (Sample(np.zeros((1, 224, 224, 3), np.uint8)),)
    assert examples.shipped([photograph] * 10) == 3
    assert examples.shipped([(Sample(np.zeros(10**6, np.uint8)),)] * 2) == 1
    assert examples.shipped([(Sample(np.zeros(10, np.uint8)),)] * 12) == 12


def test_what_does_not_fit_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds no examples; expected \.npy or \.npz"):
        examples.load(tmp_path, [X])
    np.save(tmp_path / "a.npy", np.zeros((1, 3, 2), np.float32))
    with pytest.raises(SourceError, match=r"x takes \[1, 2\], or many of \[2\]; got .*\[1, 3, 2\]"):
        examples.load(tmp_path / "a.npy", [X])
    with pytest.raises(SourceError, match=r"a\.npy: has no array 'x', got ''"):
        examples.load(tmp_path / "a.npy", [X, N])
    np.savez(tmp_path / "b.npz", x=np.zeros((2, 2)), n=np.zeros((3, 3)))
    with pytest.raises(SourceError, match="equally many of each input, got 2 of x, 3 of n"):
        examples.load(tmp_path / "b.npz", [X, N])


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04", b"\x93NUMPY\x01\x00"])
@pytest.mark.parametrize("kind", examples.KINDS)
def test_damaged_files_are_a_sentence(content: bytes, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{kind}"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=f"a{kind}: is no file of numpy arrays"):
        examples.load(path, [X])


def test_pickles_are_not_read(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{}], object))
    with pytest.raises(SourceError, match=r"a\.npy: is no file of numpy arrays"):
        examples.load(tmp_path / "a.npy", [X])
