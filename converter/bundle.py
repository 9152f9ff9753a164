"""Bundles: the files that a model ships as, built in memory, written and verified."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from card import Card, CardError, File
from converter.errors import BundleError
from converter.graph import Graph
from converter.model_json import encode
from converter.quantize import Packed, Scheme, pack

SHARD_BYTES = 4 * 1024 * 1024
"""Maximum shard size: that of TensorFlow's own converter; caches often refuse more."""

Files: TypeAlias = Mapping[str, bytes]
"""Content by file name."""


def network(graph: Graph, name: str, scheme: Scheme | Mapping[str, Packed]) -> Files:
    """Return ``model.json`` and the shards with the weights.

    Args:
        graph: The network.
        name: Prefix of the shards' names.
        scheme: How to store weights; or packed weights by name, where all others stay as they are.

    Raises:
        WeightError: If a weight cannot be stored in this scheme.
    """
    packed = _packed(graph, scheme)
    data = b"".join(each.data for each in packed)
    cuts = range(0, len(data), SHARD_BYTES)
    shards = [data[cut : cut + SHARD_BYTES] for cut in cuts]
    paths = [f"{name}-{_sha256(shard)[:12]}.bin" for shard in shards]
    model = encode(graph, [each.entry for each in packed], paths)
    text = json.dumps(model, separators=(",", ":"), ensure_ascii=False)
    return {"model.json": text.encode(), **dict(zip(paths, shards, strict=True))}


def _packed(graph: Graph, scheme: Scheme | Mapping[str, Packed]) -> list[Packed]:
    weights = graph.weights.items()
    if isinstance(scheme, str):
        return [pack(name, array, scheme) for name, array in weights]
    return [scheme.get(name) or pack(name, array, "none") for name, array in weights]


def listing(files: Files) -> tuple[File, ...]:
    """Return the card's entries for files: name, size and SHA-256."""
    return tuple(File(path, len(data), _sha256(data)) for path, data in files.items())


def save(directory: Path, card: Card, files: Files) -> None:
    """Write a bundle, replacing the one in the folder.

    Everything is written to a temporary folder first, then moved into place, the card last. Files
    of the previous bundle are removed; others, such as a recipe, are left alone.

    Raises:
        BundleError: If it cannot be written.
    """
    old = _paths_in(directory / "card.json")
    content = {**files, "card.json": card.to_json().encode()}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".bundle-") as staging:
            for path, data in content.items():
                (Path(staging) / path).write_bytes(data)
            for path in content:
                (Path(staging) / path).replace(directory / path)
        for path in old - set(content):
            (directory / path).unlink(missing_ok=True)
    except OSError as error:
        raise BundleError(f"{directory}: cannot be written: {error}") from error


def _paths_in(card: Path) -> set[str]:
    """Return the files that a card lists; nothing if there is no readable card."""
    try:
        return {each.path for each in Card.from_json(card.read_text("utf-8")).files}
    except (OSError, CardError):
        return set()


def load(directory: Path) -> tuple[Card, Files]:
    """Read a bundle, and verify its files against the card.

    Raises:
        BundleError: If a file is missing or differs from the card, or the card is invalid.
    """
    try:
        card = Card.from_json((directory / "card.json").read_text("utf-8"))
        files = {each.path: (directory / each.path).read_bytes() for each in card.files}
    except FileNotFoundError as error:
        raise BundleError(f"{error.filename}: is missing; convert the model again") from error
    except (OSError, UnicodeDecodeError, CardError) as error:
        raise BundleError(f"{directory}: {error}") from error
    for expected in card.files:
        _verify(directory / expected.path, expected, files[expected.path])
    if card.sealed() != card:
        raise BundleError(f"{directory / 'card.json'}: was changed after it was made")
    return card, files


def _verify(path: Path, expected: File, data: bytes) -> None:
    if _sha256(data) != expected.sha256:
        raise BundleError(
            f"{path}: differs from the card: expected {expected.bytes} bytes with SHA-256 "
            f"{expected.sha256[:12]}..., got {len(data)} with {_sha256(data)[:12]}..."
        )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
