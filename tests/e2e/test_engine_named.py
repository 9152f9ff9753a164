"""A network with two inputs and two outputs, used by name from JavaScript and Python."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from card import Card
from tests.converter import two_inputs
from tests.e2e.booth import BoothPage
from tests.e2e.conftest import DIST, watched
from tests.e2e.server import Reply, StaticHost

NAME, OUTPUTS = two_inputs.NAME, two_inputs.OUTPUTS
SITE = re.compile(r'(<script type="application/json" id="site">)(.*?)(</script>)', re.DOTALL)

IN_PAGE = b"""
import json

from js import globalThis
from pyodide.ffi import create_proxy

from host import engine

async def answer():
    model = await engine.load("two-inputs")
    answers = []
    for inputs in await model.golden_inputs():
        outputs = await model.run(dict(reversed(inputs.items())))
        answers.append({name: array.tolist() for name, array in outputs.items()})
    return json.dumps(answers)

async def refusal():
    model = await engine.load("two-inputs")
    (inputs, *_) = await model.golden_inputs()
    try:
        await model.run({**inputs, "numbers": inputs["numbers"][:, :3]})
    except engine.EngineError as error:
        return f"{error.code}: {error}"

globalThis.answer, globalThis.refusal = create_proxy(answer), create_proxy(refusal)
"""
RUN = """async ([backend, inputs]) => {
  const { engine } = glassbooth;
  const { handle } = await engine.loadOn('two-inputs', backend);
  const given = Object.fromEntries(Object.entries(inputs).map(([name, { values, shape }]) => (
    [name, { values: Float32Array.from(values), shape }])));
  try {
    const outputs = await engine.run(handle, given);
    return {
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, values]) => (
        [name, [...values]]))),
      left: Object.values(given).map(({ values }) => values.length),
    };
  } finally {
    await engine.dispose(handle);
  }
}"""
REFUSED = """async (change) => {
  const { engine } = glassbooth;
  const { handle } = await engine.load('two-inputs');
  const given = {
    picture: { values: new Float32Array(192), shape: [1, 8, 8, 3] },
    numbers: { values: new Float32Array(4), shape: [1, 4] },
  };
  const changed = Function('given', `${change}; return given;`)(given);
  return engine.run(handle, changed).then(() => '', ({ code, message }) => `${code}: ${message}`);
}"""


@dataclass(frozen=True)
class Case:
    """A golden vector, by names."""

    inputs: dict[str, NDArray[Any]]
    outputs: dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Made:
    folder: Path
    card: Card
    cases: list[Case]

    @property
    def tolerance(self) -> float:
        return self.card.parity.tolerance


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = two_inputs.convert(tmp_path_factory.mktemp("two"))
    card = Card.from_json((folder / "card.json").read_text())
    data = (folder / card.golden.path).read_bytes()

    def named(specs: Any, stored: Any) -> dict[str, NDArray[Any]]:
        pairs = zip(specs, stored, strict=True)
        return {spec.name: each.values(data, spec.dtype) for spec, each in pairs}

    cases = [
        Case(named(card.inputs, case.inputs), named(card.outputs, case.outputs))
        for case in card.golden.cases
    ]
    return Made(folder, card, cases)


def bundle(made: Made, off: str = "") -> dict[str, bytes]:
    """The bundle's files; the recorded values of the output `off` are 1 too large."""
    files = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    if off:
        card = json.loads(files["card.json"])
        path = card["golden"]["path"]
        place = [each["name"] for each in card["outputs"]].index(off)
        start = card["golden"]["cases"][0]["outputs"][place]["offset"]
        values = np.frombuffer(files[path], np.float32).copy()
        values[start // 4] += 1
        files[path] = values.tobytes()
        listed = next(each for each in card["files"] if each["path"] == path)
        listed["sha256"] = hashlib.sha256(files[path]).hexdigest()
        files["card.json"] = json.dumps(card).encode()
    return files


def entry(name: str, files: dict[str, bytes]) -> dict[str, Any]:
    """Return a model's entry in the site data."""
    return {
        "card": f"models/{name}/card.json",
        "sha256": hashlib.sha256(files["card.json"]).hexdigest(),
        "bytes": sum(map(len, files.values())),
        "title": name,
        "input": "",
        "output": "",
        "task": "",
    }


def replies(made: Made) -> dict[str, Reply]:
    """The site's page with three more models, and their files."""
    bundles = {NAME: bundle(made), **{f"off-{name}": bundle(made, name) for name in OUTPUTS}}
    index = (DIST / "index.html").read_text()
    found = SITE.search(index)
    assert found
    site = json.loads(found[2])
    site["models"] |= {name: entry(name, files) for name, files in bundles.items()}
    text = json.dumps(site).replace("<", "\\u003c")
    page = index[: found.start(2)] + text + index[found.end(2) :]
    return {
        "/the-site/": Reply(page.encode(), type="text/html"),
        "/in_page.py": Reply(IN_PAGE, type="text/plain"),
        **{
            f"/models/{name}/{path}": Reply(content)
            for name, files in bundles.items()
            for path, content in files.items()
        },
    }


@contextmanager
def opened(browser: Browser, made: Made, address: str = "") -> Iterator[Page]:
    with StaticHost(DIST, "/the-site/", replies=replies(made)) as host:
        context = browser.new_context(service_workers="block")
        with watched(context, host.origin):
            page = context.new_page()
            page.goto(host.url + address)
            yield BoothPage(page).ready().page
        context.close()


@pytest.fixture(scope="module")
def page(browser: Browser, made: Made) -> Iterator[Page]:
    with opened(browser, made) as page:
        yield page


def shaped(case: Case) -> dict[str, Any]:
    """Return a case's inputs in JavaScript's format, in reverse order."""
    return {
        name: {"values": array.ravel().tolist(), "shape": array.shape}
        for name, array in reversed(case.inputs.items())
    }


def assert_near(got: dict[str, Any], case: Case, tolerance: float) -> None:
    assert got.keys() == case.outputs.keys()
    for name, expected in case.outputs.items():
        assert np.reshape(got[name], expected.shape) == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("backend", ["wasm", "webgl", "cpu"])
def test_each_backend_replays_the_golden_vectors_and_answers(
    page: Page, made: Made, backend: str
) -> None:
    trials = page.evaluate(
        """(backend) => glassbooth.engine.loadOn('two-inputs', backend).then(
          ({ handle, trials }) => glassbooth.engine.dispose(handle).then(() => trials))""",
        backend,
    )
    assert [(each["backend"], each["passed"]) for each in trials] == [(backend, True)]
    assert trials[0]["tolerance"] == made.tolerance
    ran = page.evaluate(RUN, [backend, shaped(made.cases[1])])
    assert_near(ran["outputs"], made.cases[1], made.tolerance)
    assert ran["left"] == [0, 0]  # their buffers were transferred, not copied


def test_the_engine_on_the_page_takes_the_same(browser: Browser, made: Made) -> None:
    with opened(browser, made, "?engine=page") as page:
        ran = page.evaluate(RUN, ["wasm", shaped(made.cases[1])])
    assert_near(ran["outputs"], made.cases[1], made.tolerance)


@pytest.mark.parametrize("name", OUTPUTS)
def test_each_output_is_compared_with_the_golden_vectors(page: Page, name: str) -> None:
    error = page.evaluate(
        """(name) => glassbooth.engine.loadOn(name, 'wasm').then(
          () => null, ({ code, trials: [{ error }] }) => ({ code, error }))""",
        f"off-{name}",
    )
    assert error == {"code": "unsupported", "error": pytest.approx(1, abs=1e-3)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "delete given.numbers",
            "input 'numbers' has to be float32 of shape [1,4], but is missing",
        ),
        ("given.age = given.numbers", "has no input 'age'; its inputs are: picture, numbers"),
        (
            "given.numbers.shape = [4]",
            "input 'numbers' has to be float32 of shape [1,4], got Float32Array of 4 for shape [4]",
        ),
        (
            "given.picture.values = new Int32Array(192)",
            "input 'picture' has to be float32 of shape [1,8,8,3], got Int32Array of 192 for shape "
            "[1,8,8,3]",
        ),
        ("given.picture = new Float32Array(192)", "input 'picture' has to be float32 of shape"),
    ],
)
def test_a_refusal_names_the_input(page: Page, change: str, expected: str) -> None:
    refused = page.evaluate(REFUSED, change)
    assert refused.startswith(f"invalid: {NAME}")
    assert expected in refused


def test_a_buffer_that_was_given_before_is_refused(page: Page) -> None:
    refused = page.evaluate(
        """async () => {
          const { engine } = glassbooth;
          const { handle } = await engine.load('two-inputs');
          const picture = { values: new Float32Array(192), shape: [1, 8, 8, 3] };
          const numbers = { values: new Float32Array(4), shape: [1, 4] };
          await engine.run(handle, { picture, numbers });
          const { code } = await engine.run(handle, { picture, numbers }).catch((error) => error);
          await new Promise((resolve) => { setTimeout(resolve, 20); });
          const idle = performance.now();
          return [code, engine.lastCall < idle];
        }"""
    )
    assert refused == ["invalid", True]


def test_a_model_answers_after_the_engine_was_restarted(page: Page, made: Made) -> None:
    outputs = page.evaluate(
        """async (inputs) => {
          const { engine } = glassbooth;
          const { handle } = await engine.load('two-inputs');
          await engine.rebuild();
          const given = Object.entries(inputs).map(([name, { values, shape }]) => (
            [name, { values: Float32Array.from(values), shape }]));
          const outputs = await engine.run(handle, Object.fromEntries(given));
          return Object.fromEntries(Object.entries(outputs).map(([name, values]) => (
            [name, [...values]])));
        }""",
        shaped(made.cases[0]),
    )
    assert_near(outputs, made.cases[0], made.tolerance)


def test_python_gives_and_gets_arrays_by_name(page: Page, made: Made) -> None:
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          Object.assign(script, { type: 'py', src: 'in_page.py' });
          document.body.append(script);
        }"""
    )
    page.wait_for_function("() => Boolean(globalThis.refusal)", timeout=60_000)
    answers = json.loads(page.evaluate("answer()"))
    assert len(answers) == len(made.cases) == 3
    for got, case in zip(answers, made.cases, strict=True):
        assert np.shape(got["classes"]) == (1, 3)
        assert np.shape(got["value"]) == (1, 1)
        assert_near(got, case, made.tolerance)
    assert page.evaluate("refusal()") == (
        f"invalid: {NAME}: input 'numbers' has to be float32 of shape [1,4], got Float32Array of 3 "
        "for shape [1,3]."
    )
