"""Runs in Glassbooth's page: times networks and calls of `identify` from Python."""

import math
from typing import Any

import numpy as np
from js import globalThis
from numpy.typing import NDArray
from pyodide.ffi import create_proxy, to_js
from pyodide_js import _module  # type: ignore[import-not-found]

from card import Tensor
from host import engine, page, pictures
from inputs import picture
from outputs import classes

NETWORK = "efficientnet-lite0"


async def repeat(name: str, runs: int) -> Any:  # noqa: ANN401 - a JavaScript array
    """Run a network on noise; return the time of each run in ms, including the bridge."""
    model = await engine.load(name)
    times = []
    for _ in range(runs):
        values = {spec.name: noise(spec) for spec in model.card.inputs}
        start = page.now()
        await model.run(values)
        times.append(page.now() - start)
    return to_js(times)


def noise(spec: Tensor) -> NDArray[Any]:
    """Return a noise input, made without `numpy.random`, which the page lacks."""
    whole = np.arange(math.prod(spec.shape), dtype=np.int32).reshape(spec.shape) * 97 % 251
    return whole if spec.dtype == "int32" else whole.astype(np.float32) / np.float32(251)


async def identify(files: Any, calls: int) -> Any:  # noqa: ANN401 - JavaScript arrays
    """Answer JPEG files in turn; return each call's time in ms, the first including loading."""
    given = [file.to_bytes() for file in files]
    times = []
    for number in range(calls):
        start = page.now()
        model = await engine.load(NETWORK)
        rgb = await pictures.decode(given[number % len(given)])
        outputs = await model.run(picture.prepare(rgb, model.card))
        classes.read(outputs, model.card, picture.context(rgb))
        times.append(page.now() - start)
    return to_js(times)


def heap() -> int:
    """Return the size of Pyodide's memory in bytes."""
    return int(_module.HEAP8.length)


globalThis.python = to_js(
    {each.__name__: create_proxy(each) for each in (repeat, identify, heap)},
    dict_converter=globalThis.Object.fromEntries,
)
