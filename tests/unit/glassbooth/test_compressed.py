import gzip
import os
from pathlib import Path

import pytest

from glassbooth import compressed
from glassbooth.compressed import compress
from glassbooth.environment import Node
from glassbooth.project import Project


@pytest.fixture
def site(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    (project.dist / "app-1").mkdir(parents=True)
    (project.dist / "app-1/boot.js").write_bytes(b"a" * 10_000)
    (project.dist / "app-1/noise.jpg").write_bytes(os.urandom(10_000))
    (project.dist / "tiny.txt").write_bytes(b"a" * 100)
    return project


def test_each_file_gets_the_forms_that_make_it_smaller(site: Project, node: Node) -> None:
    compress(site, node)
    compress(site, node)  # what is compressed is not compressed again
    assert sorted(path.name for path in site.dist.rglob("*.*")) == [
        "boot.js",
        "boot.js.br",
        "boot.js.gz",
        "noise.jpg",
        "tiny.txt",
    ]
    assert gzip.decompress((site.dist / "app-1/boot.js.gz").read_bytes()) == b"a" * 10_000
    assert 0 < (site.dist / "app-1/boot.js.br").stat().st_size < 50


def test_the_cache_keeps_what_the_site_still_has(
    site: Project, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    compress(site, node)
    (site.dist / "app-1/boot.js").write_bytes(b"b" * 10_000)
    compress(site, node)
    assert len(list((site.cache / "compressed").iterdir())) == 4
    monkeypatch.setattr(compressed, "run", lambda *_, **__: pytest.fail("compressed again"))
    compress(site, node)
