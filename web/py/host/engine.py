"""The engine's client: models by name, named arrays in, named arrays out.

The engine is JavaScript (``web/js/engine.js``), and tensors stay there. An inference is one call:
typed arrays in, typed arrays out.
"""

import math
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
from js import Float32Array, Int32Array, Object, document, fetch
from numpy.typing import NDArray
from pyodide.ffi import JsException, create_proxy, to_js

from card import Card, resampled
from host import boundary, page, site
from host.boundary import glassbooth

_T = TypeVar("_T")

BACKENDS = {"webgl": "WebGL", "wasm": "WebAssembly", "cpu": "JavaScript"}
"""Titles of the engine's backends."""


class EngineError(Exception):
    """An error of the engine: a sentence for people, and a code for programs.

    Attributes:
        code: A code of ``web/js/errors.js``.
        trials: Results of the backends, if loading failed because none passed.
    """

    def __init__(self, code: str, message: str, trials: "tuple[Trial, ...]") -> None:
        super().__init__(message)
        self.code = code
        self.trials = trials


@dataclass(frozen=True)
class Trial:
    """Result of replaying a model's golden vectors on one backend.

    Attributes:
        backend: A key of `BACKENDS`.
        passed: Whether every answer was within the card's tolerance.
        error: Largest absolute difference from the recorded answers.
        tolerance: Largest difference allowed.
        first: Time of the first run in ms, warm-up included.
        later: Mean time of later runs in ms; 0 if no other backend was compared.
        reason: Why the model did not run; empty if it did.
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
    """Statistics of the engine.

    Attributes:
        tensors: Number of tensors it holds.
        bytes: Their size.
        recoveries: Number of graphics contexts lost and replaced.
        run_ms: Time of the last run, within the engine.
        models: Names of loaded models.
        threads: Number of threads that WebAssembly uses; 0 while it is not in use.
    """

    tensors: int
    bytes: int
    recoveries: int
    run_ms: float
    models: frozenset[str]
    threads: int


@dataclass(frozen=True)
class Model:
    """A loaded model.

    Attributes:
        card: The model's card.
        backend: The backend it runs on: a key of `BACKENDS`.
        trials: Results of the backends that were tried.
    """

    card: Card
    backend: str
    trials: tuple[Trial, ...]
    _handle: int

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Run the network once.

        Args:
            inputs: An array for each of the card's inputs by name, of its shape and dtype; dynamic
                axes of the network may have any length.

        Returns:
            An array for each of the card's outputs by name.

        Raises:
            EngineError: If an input is missing, unknown or of another shape or dtype, or the
                inference fails.
        """
        given = {name: _crossing(array) for name, array in inputs.items()}
        running = glassbooth.engine.run(
            self._handle, to_js(given, dict_converter=Object.fromEntries)
        )
        outputs = (await call_verb(running)).to_py()
        return {
            spec.name: _shaped(np.asarray(outputs[spec.name]), spec.shape)
            for spec in self.card.outputs
        }

    async def dispose(self) -> None:
        """Release the model."""
        await call_verb(glassbooth.engine.dispose(self._handle))

    async def golden_inputs(self) -> list[dict[str, NDArray[Any]]]:
        """Return the inputs of each golden case, for `run`.

        Raises:
            EngineError: If they cannot be fetched.
        """
        golden = self.card.golden
        folder = site.current().models[self.card.name].folder
        content = await fetch_bytes(folder + golden.path)
        return [
            {
                spec.name: resampled(stored.values(content, spec.dtype), spec.shape)
                for spec, stored in zip(self.card.inputs, case.inputs, strict=True)
            }
            for case in golden.cases
        ]


@dataclass(frozen=True)
class Entry:
    """A model of this site, loaded or not; `bytes` is the size of its bundle."""

    name: str
    title: str
    input: str
    output: str
    bytes: int


def entries() -> list[Entry]:
    """Return this site's models, sorted by name."""
    models = site.current().models.values()
    return [Entry(each.name, each.title, each.input, each.output, each.bytes) for each in models]


def names() -> list[str]:
    """Return the names of this site's models."""
    return list(site.current().models)


async def load(name: str) -> Model:
    """Load a model on the fastest backend of this device; a second call returns the same one.

    Raises:
        EngineError: If it cannot be fetched, is damaged, or passes on no backend.
    """
    loaded = await call_verb(glassbooth.engine.load(name))
    page.mark_first_model()
    return _model(loaded)


async def load_on(name: str, backend: str) -> Model:
    """Load another instance of a model on the given backend; the caller disposes of it.

    Raises:
        EngineError: As `load`; also if this device lacks the backend.
    """
    return _model(await call_verb(glassbooth.engine.loadOn(name, backend)))


async def rebuild() -> None:
    """Restart the engine; models are reloaded on their next use.

    Pending calls raise an `EngineError` with the code ``lost``.
    """
    await call_verb(glassbooth.engine.rebuild())


async def stats() -> Stats:
    """Return the engine's statistics."""
    answer = await call_verb(glassbooth.engine.stats())
    models = frozenset(str(model.name) for model in answer.models)
    figures = (int(answer.tensors), int(answer.bytes), int(answer.recoveries))
    return Stats(*figures, float(answer.runMs), models, int(answer.threads))


def show(model: Model, detail: str = "") -> None:
    """Show the visitor which backend a model runs on."""
    element = document.getElementById("engine")
    element.dataset.backend = model.backend
    document.getElementById("engine-text").textContent = f"{BACKENDS[model.backend]}{detail}"


@contextmanager
def progress(name: str, handler: Callable[[int, int], object]) -> Iterator[None]:
    """Call a function with received and total bytes while a model is being loaded."""
    proxy = create_proxy(handler)
    end = glassbooth.downloads.watch(name, proxy)
    try:
        yield
    finally:
        end()
        proxy.destroy()


async def fetch_bytes(address: str) -> bytes:
    """Return the content of a file of the site.

    Raises:
        EngineError: If it cannot be fetched.
    """
    content: bytes = (await (await fetch_blob(address)).arrayBuffer()).to_bytes()
    return content


async def fetch_blob(address: str) -> Any:  # noqa: ANN401 - a JavaScript Blob
    """Return a file of the site as a `Blob`.

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


async def call_verb(promise: Awaitable[_T]) -> _T:
    """Await a promise that rejects with JavaScript's `EngineError`.

    Raises:
        EngineError: If it rejects.
    """
    try:
        return await promise
    except JsException as error:
        cause = error.js_error
        if not hasattr(cause, "trials"):  # not an EngineError: a bug
            raise
        raise EngineError(cause.code, cause.message, _trials(cause.trials)) from None


def _crossing(array: NDArray[Any]) -> dict[str, object]:
    """Convert an input for the engine; values are copied once, to JavaScript."""
    kind = Int32Array if array.dtype == np.int32 else Float32Array
    values = kind.new(array.size)
    values.assign(np.ascontiguousarray(array).ravel())
    return {"values": values, "shape": array.shape}


def _shaped(values: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Reshape an output; axis 1 is inferred if an input has dynamic axes."""
    if values.size == math.prod(shape):
        return values.reshape(shape)
    return values.reshape(shape[0], -1, *shape[2:])


def _model(loaded: boundary.Loaded) -> Model:
    return Model(_card(loaded.card), loaded.backend, _trials(loaded.trials), int(loaded.handle))


@cache
def _card(text: str) -> Card:
    return Card.from_json(text)


def _trials(trials: Sequence[boundary.Trial]) -> tuple[Trial, ...]:
    return tuple(_trial(trial) for trial in trials)


def _trial(trial: boundary.Trial) -> Trial:
    reason = getattr(trial, "reason", "")
    if reason:
        nan = float("nan")
        return Trial(trial.backend, False, nan, nan, nan, nan, reason)
    figures = (trial.error, trial.tolerance, trial.first, trial.later)
    return Trial(trial.backend, trial.passed, *figures, "")
