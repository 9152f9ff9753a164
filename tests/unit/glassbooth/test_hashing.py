from pathlib import Path

from glassbooth.hashing import integrity, sha256_file, sha256_folder, sha256_listing

# FIPS 180-2, appendix B.1.
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    assert sha256_file(path) == ABC
    assert integrity(path) == "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="


def test_folder_depends_on_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a").write_text("1")
    (tmp_path / "b/c").write_text("2")
    first = sha256_folder(tmp_path)
    (tmp_path / "b/c").write_text("3")
    second = sha256_folder(tmp_path)
    (tmp_path / "b/c").rename(tmp_path / "b/d")
    third = sha256_folder(tmp_path)
    assert len({first, second, third}) == 3


def test_listing_does_not_depend_on_order() -> None:
    assert sha256_listing({"a": "1", "b": "2"}) == sha256_listing({"b": "2", "a": "1"})
