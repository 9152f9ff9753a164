"""The engine's client: models by name, arrays in, arrays out.

The engine is JavaScript (``web/js/engine.js``) and keeps all tensors to itself. Each inference
crosses over once: a typed array there, typed arrays back.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from js import Float32Array, Int32Array, document, fetch, glassbooth
from numpy.typing import NDArray
from pyodide.ffi import JsException, create_proxy, to_js

from vision.card import Card, resampled

BACKENDS = {"webgl": "WebGL", "wasm": "WebAssembly", "cpu": "JavaScript"}
"""The engine's backends, and what people call them."""


class EngineError(Exception):
    """The engine's refusal: a sentence for people, and a code for programs.

    Attributes:
        code: One of those in ``web/js/errors.js``.
        trials: What each backend did, where loading failed because none was right.
    """

    def __init__(self, code: str, message: str, trials: "tuple[Trial, ...]") -> None:
        super().__init__(message)
        self.code = code
        self.trials = trials


@dataclass(frozen=True)
class Trial:
    """How one backend did on a model's golden vectors.

    Attributes:
        backend: A key of `BACKENDS`.
        passed: Whether every answer was within the card's tolerance.
        error: Largest absolute difference from the recorded answers.
        tolerance: How large it may be.
        first: Time of the first run in ms, with whatever the backend had to prepare.
        later: Mean time of later runs in ms; 0 where there was nothing to compare it with.
        reason: Why there was no answer at all; empty if there was one.
    """

    backend: str
    passed: bool
    error: float
    tolerance: float
    first: float
    later: float
    reason: str


@dataclass(frozen=True)
class Stats:
    """What the engine holds, and did.

    Attributes:
        tensors: How many there are.
        bytes: Their size.
        recoveries: How often it lost its graphics context.
        run_ms: Time of its last run, within the engine.
        models: Names of the models that are loaded.
        threads: On how many WebAssembly computes; 0 while it is not in use.
    """

    tensors: int
    bytes: int
    recoveries: int
    run_ms: float
    models: frozenset[str]
    threads: int


@dataclass(frozen=True)
class Model:
    """A model that the engine has loaded.

    Attributes:
        card: What the model is.
        backend: Where it runs: a key of `BACKENDS`.
        trials: What each backend did that was tried.
    """

    card: Card
    backend: str
    trials: tuple[Trial, ...]
    _handle: int

    async def run(self, values: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        """Run the network once.

        Args:
            values: Of the shape and dtype of the card's input; a network for pictures of several
                sizes takes the others too.

        Returns:
            One array for each output, in the card's order.

        Raises:
            EngineError: If the input does not fit the model, or the device gave up.
        """
        kind = Int32Array if values.dtype == np.int32 else Float32Array
        data = kind.new(values.size)
        data.assign(np.ascontiguousarray(values).ravel())
        outputs = await call_verb(glassbooth.engine.run(self._handle, data, to_js(values.shape)))
        return tuple(
            _shaped(np.asarray(output.to_py()), spec.shape)
            for output, spec in zip(outputs, self.card.outputs, strict=True)
        )

    async def dispose(self) -> None:
        """Give back what the model holds; it cannot run any more."""
        await call_verb(glassbooth.engine.dispose(self._handle))

    async def golden_inputs(self) -> list[NDArray[Any]]:
        """Return the recorded inputs, each as the model takes it.

        Raises:
            EngineError: If they cannot be fetched.
        """
        golden = self.card.golden
        folder = glassbooth.site.models.as_py_json()[self.card.name]["card"].rpartition("/")[0]
        content = await fetch_bytes(f"{folder}/{golden.path}")
        spec = self.card.inputs[0]
        stored = (case.inputs[0].values(content, spec.dtype) for case in golden.cases)
        return [resampled(values, spec.shape) for values in stored]


@dataclass(frozen=True)
class Entry:
    """A model of this site, loaded or not: its name, title, task and size in bytes."""

    name: str
    title: str
    task: str
    bytes: int


def entries() -> list[Entry]:
    """Return what this site's models are, in order of their names."""
    models = glassbooth.site.models.as_py_json()
    return [
        Entry(name, about["title"], about["task"], int(about["bytes"]))
        for name, about in models.items()
    ]


def names() -> list[str]:
    """Return the names of this site's models."""
    return list(glassbooth.site.models.as_py_json())


async def load(name: str) -> Model:
    """Load a model, on the backend that is best here; a second call gives the same one.

    Raises:
        EngineError: If it cannot be fetched, arrives damaged, or runs right on no backend.
    """
    return _model(await call_verb(glassbooth.engine.load(name)))


async def load_on(name: str, backend: str) -> Model:
    """Load a model once more, on one backend; the caller disposes of it.

    Raises:
        EngineError: As `load`; also if this device lacks the backend.
    """
    return _model(await call_verb(glassbooth.engine.loadOn(name, backend)))


async def rebuild() -> None:
    """Start the engine anew; models come again when they are next used.

    Whatever waits for an answer gets an `EngineError` with the code ``lost``.
    """
    await call_verb(glassbooth.engine.rebuild())


async def stats() -> Stats:
    """Ask the engine what it holds at this moment."""
    answer = await call_verb(glassbooth.engine.stats())
    models = frozenset(str(model.name) for model in answer.models)
    figures = (int(answer.tensors), int(answer.bytes), int(answer.recoveries))
    return Stats(*figures, float(answer.runMs), models, int(answer.threads))


def show(model: Model, detail: str = "") -> None:
    """Tell the visitor where a model runs."""
    element = document.getElementById("engine")
    element.dataset.backend = model.backend
    document.getElementById("engine-text").textContent = f"{BACKENDS[model.backend]}{detail}"


@contextmanager
def progress(name: str, handler: Callable[[int, int], object]) -> Iterator[None]:
    """Call a function, while a model is being loaded, with the bytes that have come and all."""

    def follow(event: Any) -> None:  # noqa: ANN401 - a JavaScript event
        if event.detail.name == name:
            handler(int(event.detail.done), int(event.detail.total))

    proxy = create_proxy(follow)
    document.addEventListener("glass:bytes", proxy)
    try:
        yield
    finally:
        document.removeEventListener("glass:bytes", proxy)
        proxy.destroy()


async def fetch_bytes(address: str) -> bytes:
    """Return the content of a file of the site.

    Raises:
        EngineError: If it cannot be fetched.
    """
    content: bytes = (await (await fetch_blob(address)).arrayBuffer()).to_bytes()
    return content


async def fetch_blob(address: str) -> Any:  # noqa: ANN401 - a JavaScript Blob
    """Return a file of the site, as the browser holds it.

    Raises:
        EngineError: If it cannot be fetched.
    """
    try:
        response = await fetch(address)
        content = await response.blob()
    except JsException:
        raise EngineError("network", f"{address} could not be fetched.", ()) from None
    if not response.ok:
        raise EngineError("missing", f"{address} is missing on the host.", ())
    return content


async def call_verb(promise: Any) -> Any:  # noqa: ANN401 - what a verb answers, in JavaScript
    """Wait for one of the verbs of JavaScript's side.

    Raises:
        EngineError: If it fails.
    """
    try:
        return await promise
    except JsException as error:
        cause = error.js_error
        raise EngineError(cause.code, cause.message, _trials(cause.trials)) from None


def _shaped(values: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return an output in its shape; another size of picture makes another number of cells."""
    if values.size == math.prod(shape):
        return values.reshape(shape)
    return values.reshape(shape[0], -1, *shape[2:])


def _model(loaded: Any) -> Model:  # noqa: ANN401 - a JavaScript object
    return Model(_card(loaded.card), loaded.backend, _trials(loaded.trials), int(loaded.handle))


@cache
def _card(text: str) -> Card:
    return Card.from_json(text)


def _trials(trials: Sequence[Any]) -> tuple[Trial, ...]:
    return tuple(_trial(trial) for trial in trials)


def _trial(trial: Any) -> Trial:  # noqa: ANN401 - a JavaScript object
    reason = getattr(trial, "reason", "")
    if reason:
        nan = float("nan")
        return Trial(trial.backend, False, nan, nan, nan, nan, reason)
    figures = (trial.error, trial.tolerance, trial.first, trial.later)
    return Trial(trial.backend, trial.passed, *figures, "")
