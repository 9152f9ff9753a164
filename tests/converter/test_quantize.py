import numpy as np
import pytest
from numpy.typing import NDArray

from converter.errors import WeightError
from converter.quantize import SMALLEST, Scheme, pack, unpack
from tests.converter.building import f32, i32

AFFINE: tuple[Scheme, ...] = ("uint8", "uint16")


def matrix(values: object) -> NDArray[np.float32]:
    """Repeat values to the minimum size for quantization."""
    row = np.ravel(f32(values))
    return np.resize(row, (2, SMALLEST))


def test_uint8_golden_bytes() -> None:
    packed = pack("w", matrix([-1, 0, 1.55]), "uint8")
    assert packed.entry == {
        "name": "w",
        "shape": [2, SMALLEST],
        "dtype": "float32",
        "quantization": {
            "dtype": "uint8",
            "scale": pytest.approx(0.01, rel=1e-6),
            "min": pytest.approx(-1, rel=1e-6),
        },
    }
    assert packed.data[:6] == bytes([0, 100, 255, 0, 100, 255])
    assert len(packed.data) == 2 * SMALLEST


def test_uint16_is_little_endian() -> None:
    packed = pack("w", matrix([0, 256 / 65535, 1]), "uint16")
    assert packed.data[:6] == bytes([0, 0, 0, 1, 255, 255])


def test_float16_golden_bytes() -> None:
    packed = pack("w", matrix([1, -2]), "float16")
    assert packed.entry["quantization"] == {"dtype": "float16"}
    assert packed.data[:4] == bytes([0x00, 0x3C, 0x00, 0xC0])


def test_none_keeps_every_bit() -> None:
    weights = matrix([0.1, -1e-30, 3e38])
    packed = pack("w", weights, "none")
    assert "quantization" not in packed.entry
    assert packed.data[:4] == bytes([0xCD, 0xCC, 0xCC, 0x3D])
    np.testing.assert_array_equal(unpack(packed), weights)


@pytest.mark.parametrize(("far", "range_"), [(0.5, 0.5), (1.0, 0.9)])
def test_a_far_end_is_cut_where_finer_steps_are_worth_more(far: float, range_: float) -> None:
    # Each of 90,000 errors is step^2 / 12 on average, in all 0.115 for a range of 1, 0.093 for 0.9
    # and 0.074 for 0.8; the one that is cut is 0.1^2 or 0.2^2, so that 0.9 loses least.
    weights = np.random.default_rng(0).uniform(0, 0.5, (300, 300)).astype(np.float32)
    weights[0, 0] = far
    packed = pack("w", weights, "uint8")
    assert packed.entry["quantization"]["scale"] == pytest.approx(range_ / 255, rel=1e-3)
    assert unpack(packed)[0, 0] == pytest.approx(range_, rel=1e-3)


@pytest.mark.parametrize("scheme", AFFINE)
@pytest.mark.parametrize("low", [-7.3, -1e-20, 0.0, 0.4])
@pytest.mark.parametrize("high", [-0.1, 0.0, 1e-3, 2.9e5])
def test_values_are_off_by_half_a_step_at_most_and_zero_by_nothing(
    scheme: Scheme, low: float, high: float
) -> None:
    weights = np.random.default_rng(0).uniform(min(low, high), max(low, high), (40, 50))
    weights[3] = 0
    packed = pack("w", weights.astype(np.float32), scheme)
    step = packed.entry["quantization"]["scale"]
    gaps = np.abs(unpack(packed) - weights)
    assert gaps.max() <= step * 0.5 + np.abs(weights).max() * 1e-6
    assert not unpack(packed)[3].any()


@pytest.mark.parametrize("scheme", [*AFFINE, "float16"])
@pytest.mark.parametrize("value", [0.0, 1.0, -0.25, 3.0])
def test_a_constant_stays_what_it_is(scheme: Scheme, value: float) -> None:
    weights = matrix([value])
    np.testing.assert_array_equal(unpack(pack("w", weights, scheme)), weights)


@pytest.mark.parametrize("scheme", [*AFFINE, "float16"])
@pytest.mark.parametrize(
    "weights",
    [
        f32(np.linspace(-1, 1, 5000)),
        f32(np.linspace(-1, 1, SMALLEST - 1)).reshape(1, -1),
        f32(0.3),
        f32(np.zeros((0, 3))),
        i32(np.arange(1000)).reshape(2, -1),
        np.ones((2, 500), bool),
    ],
    ids=["one axis", "few values", "scalar", "empty", "int32", "bool"],
)
def test_what_stays_exact(scheme: Scheme, weights: NDArray[np.float32]) -> None:
    packed = pack("w", weights, scheme)
    assert "quantization" not in packed.entry
    assert len(packed.data) == weights.nbytes
    np.testing.assert_array_equal(unpack(packed), weights)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("scheme", ["none", "float16", "uint8"])
def test_what_is_not_finite_is_refused(bad: float, scheme: Scheme) -> None:
    with pytest.raises(WeightError, match="weight conv/w: holds NaN or infinity"):
        pack("conv/w", f32([1, bad]), scheme)


def test_what_float16_cannot_hold_is_refused() -> None:
    with pytest.raises(WeightError, match="weight w: holds 70000, float16 ends at 65504"):
        pack("w", matrix([70000, 1]), "float16")


def test_types_that_tfjs_lacks_are_refused() -> None:
    with pytest.raises(WeightError, match=r"weight w: float64 is not a type that TF.js has"):
        pack("w", np.zeros(3), "none")  # type: ignore[arg-type]


def test_a_single_infinity_is_kept() -> None:
    packed = pack("pad", f32(-np.inf), "uint8")
    np.testing.assert_array_equal(unpack(packed), -np.inf)
    with pytest.raises(WeightError, match="holds NaN"):
        pack("pad", f32(np.nan), "uint8")
