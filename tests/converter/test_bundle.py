import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from converter import bundle
from converter.errors import BundleError
from tests.converter.building import f32, graph, i32, node


def test_weights_lie_in_shards_named_by_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "SHARD_BYTES", 10)
    network = graph(
        node("y", "Mul", "a", "b"), outputs=["y"], weights={"a": f32([1, 2]), "b": i32([3, 4])}
    )
    files = bundle.network(network, "m", "none")
    (manifest,) = json.loads(files["model.json"])["weightsManifest"]
    shards = [files[path] for path in manifest["paths"]]
    assert [len(shard) for shard in shards] == [10, 6]
    assert b"".join(shards) == np.array([1, 2], "<f4").tobytes() + np.array([3, 4], "<i4").tobytes()
    digest = hashlib.sha256(shards[0]).hexdigest()
    assert manifest["paths"][0] == f"m-{digest[:12]}.bin"
    assert [entry["name"] for entry in manifest["weights"]] == ["a", "b"]


def test_shards_with_the_same_content_are_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "SHARD_BYTES", 4)
    network = graph(outputs=["w"], weights={"w": f32([7, 7, 8])})
    files = bundle.network(network, "m", "none")
    (manifest,) = json.loads(files["model.json"])["weightsManifest"]
    assert len(manifest["paths"]) == 3
    assert len(files) == 3  # model.json and two shards


def test_a_network_without_weights_has_no_shards() -> None:
    files = bundle.network(graph(node("y", "Relu", "x"), outputs=["y"]), "m", "uint8")
    assert list(files) == ["model.json"]


def test_what_is_saved_is_loaded(made: Path) -> None:
    card, files = bundle.load(made)
    assert set(files) == {each.path for each in card.files}
    assert {path.name for path in made.iterdir()} == {*files, "card.json"}
    assert not list(made.parent.glob(".*"))


def test_saving_again_replaces_the_bundle_and_nothing_else(made: Path) -> None:
    card, files = bundle.load(made)
    (made / "recipe.py").write_text("keep me")
    (made / "other.bin").write_text("keep me")
    changed = {
        "model.json": files["model.json"],
        "new.bin": b"1",
        card.golden.path: files[card.golden.path],
    }
    card = replace(card, files=bundle.listing(changed)).sealed()
    bundle.save(made, card, changed)
    assert {path.name for path in made.iterdir()} == {
        *changed,
        "card.json",
        "recipe.py",
        "other.bin",
    }
    assert bundle.load(made)[0] == card


def test_a_bundle_that_cannot_be_written_leaves_the_old_one(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, files = bundle.load(made)
    before = {path: path.read_bytes() for path in made.iterdir()}
    write = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name == "card.json":
            raise OSError(28, "No space left on device")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BundleError, match=r"tiny: cannot be written: .*No space left on device"):
        bundle.save(made, card, {**files, "model.json": b"{}"})
    assert {path: path.read_bytes() for path in made.iterdir()} == before
    assert not list(made.parent.glob(".*"))


@pytest.mark.parametrize("name", ["card.json", "model.json"])
def test_a_missing_file_is_named(made: Path, name: str) -> None:
    (made / name).unlink()
    with pytest.raises(BundleError, match=f"{name}: is missing; convert the model again"):
        bundle.load(made)


def test_a_flipped_bit_is_found(made: Path) -> None:
    shard = next(made.glob("tiny-*.bin"))
    data = bytearray(shard.read_bytes())
    data[5] ^= 1
    shard.write_bytes(data)
    with pytest.raises(BundleError, match=f"{shard.name}: differs from the card: expected 16 b"):
        bundle.load(made)


def test_a_changed_card_is_found(made: Path) -> None:
    path = made / "card.json"
    path.write_text(path.read_text().replace("Apache-2.0", "MIT"))
    with pytest.raises(BundleError, match=r"card.json: was changed after it was made"):
        bundle.load(made)


def test_a_broken_card_is_named(made: Path) -> None:
    (made / "card.json").write_text('{"format": 1}')
    with pytest.raises(BundleError, match=r"tiny: card.json: \w+: is missing"):
        bundle.load(made)
