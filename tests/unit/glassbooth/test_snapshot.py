import json
import subprocess
from pathlib import Path

import pytest

from glassbooth import archive, snapshot
from glassbooth.environment import Node
from glassbooth.project import HERE, Project
from glassbooth.snapshot import Snapshot, modules_to_import, write_snapshot
from tests.unit.glassbooth.booths import write


def files_in(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.py")}


def test_it_imports_what_the_sources_name(tmp_path: Path) -> None:
    python = write(
        tmp_path,
        {
            "main.py": "import json\nfrom js import document\nfrom host import page\n",
            "host/page.py": "import js, asyncio.queues\n\ndef late():\n    import wave\n",
            "vision/__init__.py": "",
            "vision/digits.py": "import numpy as np\nx = np.random.default_rng()\n",
            "vision/dance/steps.py": "from collections.abc import Iterator\n",
            "host/__init__.py": "",
            "api/request.py": "from pathlib import Path\nfrom vision import digits\n",
            "api/service.py": "from api import request, answers\n",
            "api/answers.py": "from host.page import show\n",
        },
    )
    assert modules_to_import(files_in(python)) == {
        "json",
        "asyncio.queues",
        "wave",
        "numpy",
        "numpy.ma",
        "numpy.random",
        "collections.abc",
        "vision",
        "vision.digits",
        "vision.dance.steps",
        "pathlib",
        "host",
        "api.request",
    }


def test_addresses_of_a_snapshot_lie_in_its_folder() -> None:
    made = Snapshot("memory.wasm", "sha256-x", {"/a.so": "a.wasm"}).within("snapshot-1/")
    assert made == Snapshot("snapshot-1/memory.wasm", "sha256-x", {"/a.so": "snapshot-1/a.wasm"})


def test_one_is_taken_again_only_if_it_would_differ(
    tmp_path: Path, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[list[str]] = []

    def make(node: Node, sources: list[Path], modules: list[str], target: Path) -> None:
        taken.append(modules)
        write(target, {"memory.wasm": str(len(taken)), "libraries.json": "{}"})

    def compile_archive(node: Node, sources: Path, target: Path) -> None:
        target.write_bytes(sources.read_bytes())

    monkeypatch.setattr(snapshot, "make", make)
    monkeypatch.setattr(archive, "compile_archive", compile_archive)
    project = Project(tmp_path)
    python = write(tmp_path / "web/py", {"vision/a.py": "import json", "host/page.py": ""})
    wheel = write(tmp_path, {"numpy.whl": ""}) / "numpy.whl"

    def taken_now() -> str:
        (tmp_path / "out").mkdir(exist_ok=True)
        write_snapshot(project, node, wheel, files_in(python), tmp_path / "out")
        return (tmp_path / "out/memory.wasm").read_text()

    assert taken_now() == "1"
    (python / "notes.txt").write_text("not in it")
    assert taken_now() == "1"
    write(python, {"host/page.py": "print('carried')"})
    assert taken_now() == "2"
    write(python, {"vision/a.py": "import json, math"})
    assert taken_now() == "3"
    write(python, {"host/page.py": "import wave"})
    assert taken_now() == "4"
    assert "wave" in taken[3]


SEGMENTS = """
import { dataModule, differences } from '%s';
import { DataModule } from '%s';
const before = Uint8Array.from({ length: 200_000 }, (_, i) => i %% 7);
const after = new Uint8Array(262_144);
after.set(before);
after.set([1, 2, 3], 70);
after.set([9], 76);  // too near for a segment of its own
after.fill(5, 130_000, 131_000);
after[262_143] = 8;
const parts = differences(before, after);
const text = '{"é": 1}';
const bytes = dataModule(after, parts, 'about', text);
const memory = new WebAssembly.Memory({ initial: 4 });
const made = new Uint8Array(memory.buffer);
const outcomes = [];
for (const write of [
  () => new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }),
  () => new DataModule(bytes).writeTo(made),
]) {
  made.fill(0);
  made.set(before);
  write();
  outcomes.push(Buffer.compare(made, after));
}
console.log(JSON.stringify({ parts, outcomes, text: new DataModule(bytes).text === text }));
"""


def test_a_module_of_data_turns_one_memory_into_the_other(node: Node) -> None:
    modules = ("glassbooth/segments.mjs", "web/js/segments.js")
    source = SEGMENTS % tuple((HERE.root / each).as_uri() for each in modules)
    command = [str(node.node), "--input-type=module", "--eval", source]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == {
        "parts": [[70, 77], [130_000, 131_000], [262_143, 262_144]],
        "outcomes": [0, 0],
        "text": True,
    }
