import base64
import errno
import hashlib
import json
import os
import re
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from glassbooth import site as module
from glassbooth.archive import pack
from glassbooth.environment import Node
from glassbooth.errors import BuildError
from glassbooth.exhibits import Layers
from glassbooth.plan import Plan
from glassbooth.project import Project
from glassbooth.publish import precache
from glassbooth.site import build_site, swap, versioned


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files of a site by name without hashes and versions."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = re.sub(r"-[\d.]*-?[0-9a-f]{12}/", "/", path.relative_to(folder).as_posix())
            found[name] = path.read_bytes()
    return found


pytestmark = pytest.mark.usefixtures("quick_snapshot")


@pytest.fixture
def built(project: Project, cached_wheel: None, node: Node) -> Path:
    return build_site(project, node)


def test_a_site_is_whole(built: Path) -> None:
    files = tree(built)
    wheel = next(name for name in files if name.endswith(".whl"))
    assert wheel.startswith("pyodide/numpy-")
    assert set(files) - {wheel} == {
        "index.html",
        "manifest.webmanifest",
        "sw.js",
        "app/boot.js",
        "app/python.js",
        "app/style.css",
        "app/py.zip",
        "app/icons/a.svg",
        "engine/engine.js",
        "engine/worker.js",
        "engine/tfjs-backend-wasm-simd.wasm",
        "engine/tfjs-backend-wasm-threaded-simd.wasm",
        "pyodide/pyodide.js",
        "pyodide/pyodide.asm.wasm",
        "pyodide/python_stdlib.zip",
        "pyodide/pyodide-lock.json",
        "snapshot/memory.wasm",
        "snapshot/one.wasm",
        *(name for name in files if name.startswith("pyscript/")),
        "example/api.html",
        "samples/cat.jpg",
        "samples/samples.json",
        "models/tiny/card.json",
        "models/tiny/model.json",
        "models/tiny/weights.bin",
    }
    assert b'from"./engine.js"' in files["engine/worker.js"]
    for part in (b"url(icons/a.svg)", b".first", b".generated", b".coin"):
        assert part in files["app/style.css"]
    assert b".dice" not in files["app/style.css"]
    assert b"{{" not in files["index.html"] + files["manifest.webmanifest"]


def test_the_page_knows_where_everything_is(built: Path) -> None:
    page = (built / "index.html").read_text()
    found = re.search(r'<script type="application/json" id="site">(.*?)</script>', page)
    assert found
    about: dict[str, Any] = json.loads(found[1])
    assert re.fullmatch("[0-9a-f]{12}", about["version"])
    (first, second) = about["exhibits"]
    folders = {**about, "samples": second["samples"]}
    for name in ("app", "engine", "pyodide", "pyscript", "samples", "example"):
        assert re.fullmatch(rf"{name}-[\d.]*-?[0-9a-f]{{12}}/", folders[name])
        assert (built / folders[name]).is_dir()
    assert first == {
        "name": "first",
        "page": "first",
        "title": "The first",
        "text": "It is first.",
        "label": "Exhibit 1",
        "models": [],
        "samples": "",
        "kiosk": True,
    }
    assert (second["name"], second["page"], second["models"]) == ("second", "", ["tiny"])
    assert (about["title"], about["kiosk"]) == ("A booth", {})
    card = (built / about["models"]["tiny"]["card"]).read_bytes()
    assert about["models"].keys() == {"tiny"}
    tiny = about["models"]["tiny"]
    assert tiny["sha256"] == hashlib.sha256(card).hexdigest()
    assert (tiny["title"], tiny["input"], tiny["output"]) == ("Tiny", "coin", "side")
    memory = built / about["snapshot"]["memory"]
    digest = hashlib.sha256(memory.read_bytes()).digest()
    assert about["snapshot"]["integrity"] == f"sha256-{base64.b64encode(digest).decode()}"
    assert (built / about["snapshot"]["libraries"]["/one.so"]).read_bytes() == b"library"
    sizes = {name: len(content) for name, content in tree(built).items()}
    del sizes["index.html"], sizes["sw.js"]
    assert about["kept"] == sum(sizes.values())
    visit = {name: (built / name).stat().st_size for name in about["firstVisit"]}
    assert visit == about["firstVisit"]
    assert len(visit) == len(sizes) - 4  # for Python without its snapshot, and for threads
    assert '<p id="/first">Exhibit 1: The first, It is first.</p>\n<section' in page
    assert f'<script src="{about["app"]}boot.js">' in page


def test_the_service_worker_keeps_every_file_and_knows_its_hash(built: Path) -> None:
    worker = (built / "sw.js").read_text()
    kept = json.loads(re.findall(r"\[\{.*?\}\]", worker)[0].replace("\\u003c", "<"))
    listed = {entry["url"]: entry for entry in kept}
    files = {p.relative_to(built).as_posix(): p for p in built.rglob("*") if p.is_file()}
    assert listed.keys() == files.keys() - {"sw.js"}
    for url, entry in listed.items():
        digest = hashlib.sha256(files[url].read_bytes()).digest()
        assert entry["integrity"] == "sha256-" + base64.b64encode(digest).decode()
        changing = url in ("index.html", "manifest.webmanifest")
        assert entry["revision"] == (digest.hex()[:12] if changing else None)


def test_equal_sources_make_an_equal_site_and_leave_the_old_one(
    built: Path, project: Project, node: Node
) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    assert build_site(project, node) == built
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*")} == before


def test_a_change_of_any_source_makes_a_new_version(
    built: Path, project: Project, node: Node
) -> None:
    def version() -> str:
        return str(re.findall(r'"version":"(\w+)"', (built / "index.html").read_text())[0])

    versions = [version()]
    for name, text in (
        ("web/py/shared/two.py", "TWO = 3\n"),
        ("web/py/exhibits/first/page.html", "<p>changed</p>"),
        ("booth.toml", 'title = "Another"\n[[exhibit]]\npage = "first"\n'),
        ("web/js/sw.js", "self.files = [...__PRECACHE__];\nself.version = __VERSION__;\n"),
    ):
        (project.root / name).write_text(text)
        build_site(project, node)
        versions.append(version())
    assert len(set(versions)) == 5


@pytest.mark.usefixtures("cached_wheel")
@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("web/js/boot.js", "import './nowhere.js';", r"Could not resolve .*nowhere\.js"),
        ("web/js/boot.js", None, r"boot\.js is missing"),
        (
            "web/index.html",
            "{{ap}}<!-- nav --><!-- pages -->",
            r"index\.html: \{\{ap\}\} is no placeholder",
        ),
        ("web/manifest.webmanifest", "{{ap}}", r"manifest\.webmanifest: \{\{ap\}\}"),
        ("web/js/sw.js", "self.version = __VERSION__;", r"sw\.js does not use __PRECACHE__"),
        ("web/css/base.css", None, r"base\.css"),
        ("models/tiny/weights.bin", "bad", r"weights\.bin is not the file"),
    ],
)
def test_a_failure_leaves_the_last_good_site(
    project: Project, node: Node, name: str, text: str | None, message: str
) -> None:
    project.dist.mkdir()
    (project.dist / "index.html").write_text("good")
    path = project.root / name
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    with pytest.raises(BuildError, match=message):
        build_site(project, node)
    assert tree(project.dist) == {"index.html": b"good"}
    assert list(project.root.glob(".dist-*")) == []


def test_a_full_disk_leaves_the_last_good_site(
    project: Project, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.dist.mkdir()
    (project.dist / "index.html").write_text("good")

    def fill_up(planned: Plan, node: Node, site: Path, take: object) -> None:
        (site / "index.html").write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "assemble", fill_up)
    with pytest.raises(OSError, match="No space left"):
        build_site(project, node)
    assert tree(project.dist) == {"index.html": b"good"}
    assert list(project.root.glob(".dist-*")) == []


def test_a_swap_that_fails_puts_the_old_site_back(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "index.html").write_text("good")
    with pytest.raises(FileNotFoundError):
        swap(tmp_path / ".dist-missing", dist)
    assert tree(dist) == {"index.html": b"good"}


def test_what_killed_builds_left_is_removed_after_an_hour(tmp_path: Path) -> None:
    for name, age in ((".dist-ended", 3700), (".dist-new", 60)):
        (tmp_path / name).mkdir()
        then = time.time() - age
        os.utime(tmp_path / name, (then, then))
    module.clean_up(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".dist-new"]


def test_a_site_moved_away_by_a_killed_build_stays_until_there_is_another(tmp_path: Path) -> None:
    moved = tmp_path / ".dist-x-old"
    moved.mkdir()
    os.utime(moved, (1, 1))
    module.clean_up(tmp_path)
    assert moved.is_dir()
    (tmp_path / "dist").mkdir()
    module.clean_up(tmp_path)
    assert not moved.exists()


def test_python_sources_pack_to_the_same_bytes_whatever_their_times(project: Project) -> None:
    first, second = project.root / "1.zip", project.root / "2.zip"
    sources = Layers(project.web / "py", project.root).sources()
    packed = {name: path for name, path in sources.items() if name.startswith("shared/")}
    pack(packed, first)
    for path in project.web.rglob("*"):
        os.utime(path, (1, 1))
    pack(dict(reversed(packed.items())), second)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as made:
        assert made.namelist() == ["shared/__init__.py", "shared/three.py", "shared/two.py"]
        assert made.read("shared/two.py") == b"TWO = 2\n"
        assert {info.date_time for info in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_folder_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    def make(text: str) -> str:
        def write(folder: Path) -> None:
            (folder / "a").write_text(text)

        return versioned(tmp_path, "app", write)

    first = make("1")
    assert re.fullmatch("app-[0-9a-f]{12}/", first)
    assert make("2") != first
    assert (tmp_path / first / "a").read_text() == "1"
    assert make("1") == first  # two exhibits with the same samples
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        name.rstrip("/") for name in {first, make("2")}
    )


def test_precache_has_a_hash_for_every_file(tmp_path: Path) -> None:
    (tmp_path / "app-1").mkdir()
    kept = [tmp_path / name for name in ("app-1/a.js", "index.html")]
    for path in kept:
        path.write_text("abc")
    integrity = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
    assert precache(tmp_path, kept) == [
        {"url": "app-1/a.js", "revision": None, "integrity": integrity},
        {"url": "index.html", "revision": "ba7816bf8f01", "integrity": integrity},
    ]


def test_a_large_model_is_on_the_site_but_not_in_the_first_visit(
    project: Project, cached_wheel: None, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glassbooth.publish.FIRST_VISIT_BYTES", 10)
    built = build_site(project, node)
    page, worker = ((built / name).read_text() for name in ("index.html", "sw.js"))
    assert (built / "models/tiny-0123456789ab/card.json").is_file()
    assert '"card":"models/tiny-0123456789ab/card.json"' in page
    assert "models/tiny-0123456789ab/weights.bin" not in page + worker
