"""Why operators that have no converter have none, and what to do instead."""

from converter.ops.values import Refused

_OPEN = (
    "how many {} there are depends on what the network computes, and a bundle's shapes are fixed"
)
_OUTSIDE = "make what it takes outputs of the network, and do this in Python"
_LOOP = "it repeats other nodes, which no bundle does", "export with fixed sizes, or write it out"

_REASONS = {
    "Compress": (_OPEN.format("elements"), _OUTSIDE),
    "DeformConv": (
        "TF.js has no convolution that moves its window about",
        "rebuild the model with plain convolutions",
    ),
    "Loop": _LOOP,
    "NonMaxSuppression": (
        _OPEN.format("boxes"),
        "make boxes and scores outputs of the network, and choose among them in Python as "
        "vision.detect does",
    ),
    "NonZero": (_OPEN.format("elements"), _OUTSIDE),
    "Scan": _LOOP,
    "Unique": (_OPEN.format("elements"), _OUTSIDE),
}


def refusal(op: str, version: int) -> Refused:
    """Return why a version of an operator cannot be converted."""
    generic = (
        f"there is no converter for version {version} of this operator",
        "rebuild the model with other layers, or cut it off before this node and compute the rest "
        "in Python",
    )
    return Refused(*_REASONS.get(op, generic))
