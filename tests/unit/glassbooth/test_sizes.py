from pathlib import Path

import pytest

from glassbooth import sizes
from glassbooth.environment import Node
from glassbooth.project import Project
from glassbooth.sizes import Size, component, measure, table


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("index.html", "Page, style"),
        ("sw.js", "Page, style"),
        ("app-0a1b/py.zip", "Python without its snapshot"),
        ("engine-0a1b/engine.js", "Engine (TF.js)"),
        ("pyodide-314.0.4-0a1b/pyodide.js", "Python (Pyodide)"),
        ("pyodide-314.0.4-0a1b/numpy-2.4.3-wasm32.whl", "Python without its snapshot"),
        ("pyodide-314.0.4-0a1b/python_stdlib.zip", "Python without its snapshot"),
        ("engine-0a1b/tfjs-backend-wasm-threaded-simd.wasm", "Engine on several threads"),
        ("snapshot-0a1b/memory.wasm", "Python's memory, with numpy"),
        ("pyscript-0.7.31-0a1b/core.js", "PyScript"),
        ("samples-0a1b/cat.jpg", "Sample photographs"),
        ("models/two-words-0a1b/card.json", "Model: two-words"),
    ],
)
def test_each_file_belongs_to_a_row(path: str, row: str) -> None:
    assert component(path) == row


def test_the_table_adds_up() -> None:
    assert table(
        {"PyScript": Size(2_916_045, 2_881_000, 2_883_000), "App": Size(1_000, 400, 300)}
    ) == [
        "A first answer downloads         raw        gzip      brotli",
        "App                             1 kB        0 kB        0 kB",
        "PyScript                    2,916 kB    2,881 kB    2,883 kB",
        "------------------------------------------------------------",
        "Total                       2,917 kB    2,881 kB    2,883 kB",
    ]


def test_what_comes_later_is_not_part_of_the_first_answer() -> None:
    digits, large = Size(143_000, 109_000, 108_000), Size(3_969_000, 2_795_000, 2_769_000)
    photographs = Size(244_000, 243_000, 243_000)
    sizes = {"Model: nanodet": large, "Model: digits": digits, "Sample photographs": photographs}
    assert table(sizes) == [
        "A first answer downloads                 raw        gzip      brotli",
        "Model: digits                         143 kB      109 kB      108 kB",
        "--------------------------------------------------------------------",
        "Total                                 143 kB      109 kB      108 kB",
        "",
        "Kept for offline use, afterwards",
        "Sample photographs                    244 kB      243 kB      243 kB",
        "",
        "An exhibit's first use",
        "Model: nanodet                      3,969 kB    2,795 kB    2,769 kB",
    ]


@pytest.fixture
def site(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    (project.dist / "app-1").mkdir(parents=True)
    (project.dist / "app-1/boot.js").write_text("a" * 10_000)
    return project


def test_files_are_compressed_one_by_one(site: Project, node: Node) -> None:
    (site.dist / "index.html").write_text("a" * 10_000)
    size = measure(site, node)["Page, style"]
    assert size.raw == 20_000
    assert 2 * 8 < size.brotli < size.gzip < 2 * 60


def test_what_was_measured_before_is_not_measured_again(
    site: Project, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = measure(site, node)
    monkeypatch.setattr(sizes, "run", lambda *_, **__: pytest.fail("compressed again"))
    assert measure(site, node) == first


def test_a_broken_memory_is_made_again(site: Project, node: Node) -> None:
    first = measure(site, node)
    (site.cache / "sizes.json").write_text('{"half')
    assert measure(site, node) == first
