"""Cards of fictional models."""

from collections.abc import Mapping

from card import Card, File, Golden, Kind, Parity, Tensor

HASH = "0" * 64

Shapes = Mapping[str, tuple[int, ...]]
"""Shapes by the names of inputs or outputs."""


def model(
    inputs: Shapes,
    outputs: Shapes,
    labels: tuple[str, ...] = (),
    kinds: tuple[Kind | None, Kind | None] = (None, None),
    dtype: str = "float32",
) -> Card:
    """Return a card with an input kind and an output kind; ``dtype`` is that of the inputs."""
    return Card(
        name="eyes",
        title="Eyes",
        license="MIT",
        source="Made up.",
        input=kinds[0],
        output=kinds[1],
        inputs=tuple(Tensor(name, shape, dtype) for name, shape in inputs.items()),
        outputs=tuple(Tensor(name, shape, "float32") for name, shape in outputs.items()),
        labels=labels,
        metrics=(),
        files=(File("model.json", 1, HASH), File("golden.bin", 1, HASH)),
        parity=Parity("paper", 0, 0, 0),
        golden=Golden("golden.bin", ()),
    )


def card(
    side: tuple[int, int],
    labels: tuple[str, ...] = (),
    dtype: str = "float32",
    outputs: Shapes | None = None,
    output: Kind | None = None,
    **options: object,
) -> Card:
    """Return a card with a picture of this height and width as input; ``options`` are its own."""
    kinds = Kind("picture", options), output
    return model({"image": (1, *side, 3)}, outputs or {}, labels, kinds, dtype)
