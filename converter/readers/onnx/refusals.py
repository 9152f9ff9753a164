"""Why ONNX operators without a converter have none, and what to do instead."""

from converter.emit.refusals import LOOP, Reason, Refused, no_converter, open_count

_REASONS: dict[str, Reason] = {
    "Compress": open_count("elements"),
    "DeformConv": (
        "TF.js has no convolution that moves its window about",
        "rebuild the model with plain convolutions",
    ),
    "Loop": LOOP,
    "NonMaxSuppression": open_count(
        "boxes",
        "make boxes and scores outputs of the network, and choose among them in Python as "
        "outputs.boxes does",
    ),
    "NonZero": open_count("elements"),
    "Scan": LOOP,
    "Unique": open_count("elements"),
}


def refusal(op: str, version: int) -> Refused:
    """Return why a version of an operator cannot be converted."""
    return Refused(*_REASONS.get(op, no_converter(version)))
