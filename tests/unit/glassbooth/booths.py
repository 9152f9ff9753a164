"""A small booth with its own library."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glassbooth.booth import read_booth
from glassbooth.exhibits import Bundle, Exhibit, Layers, models_of, resolve
from glassbooth.hashing import sha256_file
from glassbooth.project import Project

SOURCES = {
    "booth.toml": (
        'title = "A booth"\nexample = "web/example/api.html"\n'
        '[[exhibit]]\npage = "first"\n'
        '[[exhibit]]\nmodel = "tiny"\nname = "second"\nsamples = "web/samples"\n'
    ),
    "web/index.html": (
        '<title>{{title}}</title><link href="{{app}}style.css"><!-- nav --><!-- pages -->'
        '<script type="application/json" id="site">{{site}}</script>'
        '<script src="{{app}}boot.js"></script>'
    ),
    "web/manifest.webmanifest": '{"name": "{{title}}", "icons": [{"src": "{{app}}icons/a.svg"}]}',
    "web/css/kiosk.css": ".kiosk { display: none; }\n",
    "web/css/base.css": "body { background: url(icons/a.svg); color: red; }\n",
    "web/css/components.css": ".notice { color: blue; }\n",
    "web/css/frame.css": "header { color: green; }\n",
    "web/css/gallery.css": ".art { color: black; }\n",
    "web/css/operator.css": "dialog { color: white; }\n",
    "web/pages/kiosk.html": "<div>kiosk of {{title}}</div>\n",
    "web/pages/gallery.html": "<h1>{{heading}}</h1>{{paragraphs}}<ul>{{exhibits}}</ul>{{more}}\n",
    "web/icons/a.svg": "<svg/>\n",
    "web/js/boot.js": "import { two } from './shared.js';\nconsole.log('boot', two);\n",
    "web/js/python.js": "export const version = 'none';\n",
    "web/js/pyodide.js": "export const version = 'none';\n",
    "web/js/shared.js": "export const two = 2;\n",
    "web/js/engine.js": "import 'glassbooth-kernels';\nexport const engine = 'engine';\n",
    "web/js/worker.js": "import { engine } from './engine.js';\nconsole.log(engine);\n",
    "web/js/sw.js": "self.files = __PRECACHE__;\nself.version = __VERSION__;\n",
    "web/py/main.py": "import shared.two\n",
    "web/py/renewal.py": "",
    "web/py/shared/__init__.py": "",
    "web/py/shared/two.py": "TWO = 2\n",
    "web/py/shared/three.py": "THREE = 'nobody imports it'\n",
    "web/py/shared/__pycache__/two.cpython-311.pyc": "not to be packed",
    "web/py/exhibits/__init__.py": "",
    "web/py/exhibits/first/exhibit.toml": 'title = "The first"\ntext = "It is first."\n',
    "web/py/exhibits/first/exhibit.py": "def create(entry): ...\n",
    "web/py/exhibits/first/page.html": '<p id="/{{name}}">{{label}}: {{title}}, {{text}}</p>\n',
    "web/py/exhibits/first/style.css": ".first { color: green; }\n",
    "web/py/exhibits/first/art.svg": "<svg>first</svg>\n",
    "web/py/generated/__init__.py": "",
    "web/py/generated/exhibit.py": "def create(entry): ...\n",
    "web/py/generated/page.html": "<h1>{{title}}</h1><!-- source --><!-- view -->\n",
    "web/py/generated/style.css": ".generated { color: black; }\n",
    "web/py/inputs/__init__.py": "",
    "web/py/inputs/coin.py": "",
    "web/py/inputs/dice.py": "",
    "web/py/outputs/__init__.py": "",
    "web/py/outputs/side.py": "",
    "web/py/outputs/score.py": "",
    "web/py/sources/__init__.py": "",
    "web/py/sources/coin.py": "",
    "web/py/sources/coin.html": "<button>Toss</button>\n",
    "web/py/sources/coin.css": ".coin { color: gold; }\n",
    "web/py/sources/dice.py": "",
    "web/py/sources/dice.css": ".dice { color: white; }\n",
    "web/py/views/__init__.py": "",
    "web/py/views/side.py": "",
    "web/py/views/side.html": "<output></output>\n",
    "web/py/views/side.svg": "<svg>side</svg>\n",
    "web/py/views/score.py": "",
    "web/example/api.html": "<p>example</p>\n",
    "web/samples/cat.jpg": "a photograph",
    "web/samples/dog.jpg": "not on the list",
    "web/samples/samples.json": (
        '[{"file": "cat.jpg", "title": "Cat", "credit": "Me", "licence": "CC0"}]\n'
    ),
    "web/samples/recipe.py": "not to be shipped\n",
    "models/tiny/recipe.py": "print('not to be shipped')\n",
    "models/tiny/weights.bin": "1234",
    "models/other/weights.bin": "no exhibit uses it",
}
TOPOLOGY = {"node": [{"op": "Placeholder"}, {"op": "Const"}, {"op": "_FusedMatMul"}]}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files by their paths; return their folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def write_card(folder: Path, **changes: Any) -> None:
    """Write the card of a bundle; a change to `None` takes the key away."""
    names = ("model.json", "weights.bin")
    files = [{"path": name, "sha256": sha256_file(folder / name)} for name in names]
    card = {
        "format": 2,
        "name": folder.name,
        "title": "Tiny",
        "input": {"kind": "coin", "options": {}},
        "output": {"kind": "side", "options": {}},
        "version": "0123456789ab",
        "files": files,
        **changes,
    }
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


def exhibits_in(project: Project) -> list[Exhibit]:
    """Return the exhibits of a folder's booth."""
    return resolve(read_booth(project.root), Layers(project.web / "py", project.root))


def models_in(project: Project) -> dict[str, Bundle]:
    """Return the models of a folder's booth."""
    return models_of(exhibits_in(project))
