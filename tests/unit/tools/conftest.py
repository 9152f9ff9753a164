import json
import shutil
from pathlib import Path

import pytest

from tools.environment import Node, node_on_path
from tools.hashing import sha256_file
from tools.project import HERE, Project
from tools.wheel import find_wheel, wanted_wheel, wheel_cache

SOURCES = {
    "web/index.html": (
        '<title>T</title><link href="{{app}}style.css"><!-- pages -->'
        '<script type="application/json">{{site}}</script>'
        '<script src="{{app}}boot.js"></script>'
    ),
    "web/manifest.webmanifest": '{"name": "T", "icons": [{"src": "{{app}}icons/a.svg"}]}',
    "web/style.css": "body { background: url(icons/a.svg); color: red; }\n",
    "web/pages/2-second.html": "<p>second</p>\n",
    "web/pages/1-first.html": "<p>first</p>\n",
    "web/icons/a.svg": "<svg/>\n",
    "web/js/boot.js": "import { two } from './shared.js';\nconsole.log('boot', two);\n",
    "web/js/python.js": "export const version = 'none';\n",
    "web/js/pyodide.js": "export const version = 'none';\n",
    "web/js/shared.js": "export const two = 2;\n",
    "web/js/engine.js": "import 'glassbooth-kernels';\nexport const engine = 'engine';\n",
    "web/js/worker.js": "import { engine } from './engine.js';\nconsole.log(engine);\n",
    "web/js/sw.js": "self.files = __PRECACHE__;\nself.version = __VERSION__;\n",
    "web/py/main.py": "import vision.two\n",
    "web/py/vision/__init__.py": "",
    "web/py/vision/two.py": "TWO = 2\n",
    "web/py/vision/__pycache__/two.cpython-311.pyc": "not to be packed",
    "web/example/api.html": "<p>example</p>\n",
    "web/samples/cat.jpg": "a photograph",
    "web/samples/samples.json": "[]\n",
    "web/samples/recipe.py": "not to be shipped\n",
    "models/tiny/recipe.py": "print('not to be shipped')\n",
    "models/tiny/weights.bin": "1234",
}
TOPOLOGY = {"node": [{"op": "Placeholder"}, {"op": "Const"}, {"op": "_FusedMatMul"}]}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A small site: sources, one model, and the npm packages of this checkout."""
    for name, text in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(HERE.node_modules, target_is_directory=True)
    made = Project(tmp_path)
    (made.models / "tiny/model.json").write_text(json.dumps({"modelTopology": TOPOLOGY}))
    write_card(made.models / "tiny")
    return made


def write_card(folder: Path) -> None:
    names = ("model.json", "weights.bin")
    files = [{"path": name, "sha256": sha256_file(folder / name)} for name in names]
    about = {"name": folder.name, "title": "Tiny", "task": "none", "version": "0123456789ab"}
    card = {**about, "files": files}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


@pytest.fixture(scope="session")
def node() -> Node:
    found = node_on_path()
    assert found, "python build.py test puts Node on PATH"
    return found


@pytest.fixture
def cached_wheel(project: Project) -> None:
    """The real numpy wheel, where the project looks for it first."""
    kept = find_wheel(wanted_wheel(HERE), wheel_cache(HERE))
    wheel_cache(project).mkdir(parents=True)
    shutil.copyfile(kept, wheel_cache(project) / kept.name)
