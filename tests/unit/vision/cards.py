"""Cards of networks that take a photograph."""

from vision.card import Card, File, Golden, Parity, Tensor

HASH = "0" * 64


def card(
    side: tuple[int, int], labels: tuple[str, ...] = (), dtype: str = "float32", **how: object
) -> Card:
    """Return a card with an input of this height and width; ``how`` is its preprocessing."""
    return Card(
        name="eyes",
        title="Eyes",
        task="detect",
        license="MIT",
        source="Made up.",
        inputs=(Tensor("image", (1, *side, 3), dtype),),
        outputs=(),
        labels=labels,
        preprocessing=how,
        metrics=(),
        files=(File("model.json", 1, HASH), File("golden.bin", 1, HASH)),
        parity=Parity("paper", 0, 0, 0),
        golden=Golden("golden.bin", ()),
    )
