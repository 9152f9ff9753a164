"""The exhibits on a plain PyScript page: the kinds and TF.js, called step by step."""

from typing import Any

import numpy as np
from js import (
    Object,
    createImageBitmap,
    document,
    fetch,
    location,
    tf,
)
from numpy.typing import NDArray
from pyodide.ffi import create_proxy, to_js

from card import Card
from inputs import drawing, picture
from kinds import Arrays
from outputs import classes

AS_STORED = {"colorSpaceConversion": "none", "premultiplyAlpha": "none"}


class Network:
    """A network in TF.js, and its card."""

    def __init__(self, name: str) -> None:
        self._folder = f"/networks/{name}"

    async def load(self) -> None:
        """Fetch card and network."""
        self.card = Card.from_json(await (await fetch(f"{self._folder}/card.json")).text())
        tf.wasm.setWasmPaths("/npm/@tensorflow/tfjs-backend-wasm/dist/")
        await tf.setBackend("wasm")
        self._graph = await tf.loadGraphModel(f"{self._folder}/model.json")

    async def run(self, inputs: Arrays) -> dict[str, NDArray[Any]]:
        """Run a network with one input and one output; return the output by name."""
        (values,) = inputs.values()
        (spec,) = self.card.outputs
        given = tf.tensor(to_js(values.ravel()), to_js(list(values.shape)))
        output = self._graph.execute(given)
        data = np.asarray((await output.data()).to_py())
        for tensor in (given, output):
            tensor.dispose()
        return {spec.name: data.reshape(spec.shape)}


async def main() -> None:
    """Start the exhibit named in the address."""
    await {"#/digits": read_digits, "#/identify": identify}[str(location.hash)]()


async def read_digits() -> None:
    """Classify the drawing."""
    network = Network("digits")
    await network.load()
    ink = pixels(document.getElementById("digit-ink"))
    outputs = await network.run(drawing.prepare(ink, network.card))
    answer = classes.read(outputs, network.card, drawing.context(ink))
    document.getElementById("answer").textContent = answer.guesses[0].label
    document.body.dataset.state = "ready"


async def identify() -> None:
    """Classify the chosen picture."""
    network = Network("efficientnet-lite0")
    chooser, chosen = document.getElementById("photo-file"), []

    async def answer(_event: Any = None) -> None:  # noqa: ANN401 - a JavaScript event
        chosen.append(chooser.files.item(0))
        if hasattr(network, "card"):
            await show(network, chosen[-1])

    chooser.addEventListener("change", create_proxy(answer))
    document.body.dataset.state = "ready"
    await network.load()
    if chosen:
        await show(network, chosen[-1])


async def show(network: Network, file: Any) -> None:  # noqa: ANN401 - a JavaScript File
    """Show a picture and the network's answer."""
    canvas = document.getElementById("given")
    options = to_js(AS_STORED, dict_converter=Object.fromEntries)
    bitmap = await createImageBitmap(file, options)
    canvas.width, canvas.height = bitmap.width, bitmap.height
    canvas.getContext("2d").drawImage(bitmap, 0, 0)
    rgb = pixels(canvas)[..., :3]
    outputs = await network.run(picture.prepare(rgb, network.card))
    guesses = document.getElementById("guesses")
    guesses.replaceChildren()
    for guess in classes.read(outputs, network.card, picture.context(rgb)).guesses:
        item = document.createElement("li")
        item.textContent = f"{guess.label} {guess.probability:.1%}"
        guesses.append(item)


def pixels(canvas: Any) -> NDArray[np.uint8]:  # noqa: ANN401 - a canvas element
    """Return the pixels of a canvas, ``(H, W, 4) uint8`` RGBA."""
    data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    return np.asarray(data.to_py(), np.uint8).reshape(canvas.height, canvas.width, 4)
