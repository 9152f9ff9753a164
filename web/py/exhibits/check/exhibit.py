"""Check this device: parity and times on every backend, and leaked tensors."""

import itertools

import numpy as np
from numpy.typing import NDArray

from exhibit import Exhibit
from host import engine, page, site
from host.site import ExhibitEntry

PREDICTIONS = 1000
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 480, 240, 74, 34, 12
"""Size and margins of the plot, in units of its view box."""


def create(entry: ExhibitEntry) -> Exhibit:
    """Return the check page."""
    return Check()


class Check:
    """The device check page."""

    async def open(self) -> None:
        """Enable the check."""
        page.on(page.find("check-run"), "click", run)
        page.find("check-run").disabled = False

    async def reset(self) -> None:
        """Do nothing: the page has no visitor state."""

    async def attract(self) -> None:
        """Return at once: kiosks do not show the check."""

    async def begin(self) -> None:
        """Do nothing: a click starts the check."""


async def run() -> None:
    """Replay all golden vectors on all backends, then predict a thousand times."""
    button = page.find("check-run")
    button.disabled = True
    try:
        await _replay_all()
        await _predict_many()
    except engine.EngineError as error:
        page.fail(str(error), run)
    finally:
        button.disabled = False


async def _replay_all() -> None:
    body = page.find("check-table").querySelector("tbody")
    body.replaceChildren()
    await _load_small()
    loaded = (await engine.stats()).models
    body.append(*(_row_of_absent(name) for name in engine.names() if name not in loaded))
    for name, backend in itertools.product(sorted(loaded), engine.BACKENDS):
        row = page.make("tr", data_backend=backend)
        row.append(page.make("th", name, scope="row"), page.make("td", engine.BACKENDS[backend]))
        body.append(row)
        waiting = page.make("td", "Running")
        row.append(waiting)
        cells = await _replay(name, backend)
        waiting.remove()
        row.append(*cells)


async def _load_small() -> None:
    """Load the networks that are part of the first visit."""
    for name in engine.names():
        if site.current().comes_at_once(name):
            await engine.load(name)


def _row_of_absent(name: str) -> page.Element:
    row = page.make("tr", data_model=name)
    later = "Not loaded yet: open its exhibit first."
    row.append(page.make("th", name, scope="row"), page.make("td", later, colspan="6"))
    return row


async def _replay(name: str, backend: str) -> list[page.Element]:
    """Return the cells of a table row after the first."""
    try:
        model = await engine.load_on(name, backend)
    except engine.EngineError as error:
        if not error.trials:  # failed before the trial: a file is missing, or the device is offline
            return [page.make("td", str(error), colspan="5")]
        trial = error.trials[0]
    else:
        trial = model.trials[0]
        await model.dispose()
    if trial.reason:
        return [page.make("td", f"Not on this device: {trial.reason}", colspan="5")]
    verdict = "passed" if trial.passed else "failed"
    errors = (f"{trial.error:.1e}", f"{trial.tolerance:g}")
    times = (f"{trial.first:.1f} ms", f"{trial.later:.1f} ms")
    return [
        page.make("td", verdict.capitalize(), class_=verdict),
        *(page.make("td", figure) for figure in (*errors, *times)),
    ]


async def _predict_many() -> None:
    name = await _smallest_loaded()
    summary = page.find("check-summary")
    if not name:
        summary.textContent = "No network is loaded yet: open an exhibit first."
        return
    chosen = await engine.load(name)
    inputs = itertools.cycle(await chosen.golden_inputs())
    model = await engine.load_on(name, chosen.backend)
    before, heap = await engine.stats(), page.heap_bytes()
    times = np.empty(PREDICTIONS)
    try:
        for i in range(PREDICTIONS):
            start = page.now()
            await model.run(next(inputs))
            times[i] = page.now() - start
            if i % 50 == 0:
                summary.textContent = f"{i} of {PREDICTIONS} predictions"
        after = await engine.stats()
    finally:
        await model.dispose()
    _plot(times)
    summary.textContent = _summarise(times, before, after, heap)


async def _smallest_loaded() -> str:
    """Return the name of the smallest loaded network; empty if there is none."""
    loaded = (await engine.stats()).models
    sizes = {entry.name: entry.bytes for entry in engine.entries() if entry.name in loaded}
    return min(sizes, key=lambda name: sizes[name], default="")


def _summarise(
    times: NDArray[np.float64], before: engine.Stats, after: engine.Stats, heap: int | None
) -> str:
    warm = times[1:]
    text = (
        f"First: {times[0]:.1f} ms. The other {warm.size}: median {np.median(warm):.2f} ms, "
        f"99 of 100 within {np.percentile(warm, 99):.1f} ms, slowest {warm.max():.1f} ms. "
        f"Tensors: {before.tensors} before, {after.tensors} after. "
        f"Their memory: {before.bytes / 1e6:.2f} MB before, {after.bytes / 1e6:.2f} MB after."
    )
    heap_after = page.heap_bytes()
    if heap is None or heap_after is None:
        return text
    return f"{text} JavaScript's: {heap / 1e6:.1f} MB before, {heap_after / 1e6:.1f} MB after."


def _plot(times: NDArray[np.float64]) -> None:
    """Plot each prediction as a dot: x is its number, y its time in ms on a logarithmic scale."""
    times = np.maximum(times, 0.1)  # some clocks have a resolution of 1 ms, and log(0) is undefined
    low, high = np.floor(np.log10(times.min())), np.floor(np.log10(times.max())) + 1
    x = LEFT + np.arange(times.size) / times.size * (WIDTH - LEFT - 8)
    y = HEIGHT - BOTTOM - (np.log10(times) - low) / (high - low) * (HEIGHT - BOTTOM - TOP)
    dots = [f"M{a:.1f} {b:.1f}h0" for a, b in zip(x, y, strict=True)]
    svg = page.find("check-plot")
    svg.replaceChildren()
    for power in np.arange(low, high + 1):
        level = HEIGHT - BOTTOM - (power - low) / (high - low) * (HEIGHT - BOTTOM - TOP)
        svg.append(
            page.make_svg("line", x1=LEFT, x2=WIDTH - 8, y1=level, y2=level),
            page.make_svg(
                "text", f"{10.0**power:g} ms", x=LEFT - 8, y=level + 4, text_anchor="end"
            ),
        )
    svg.append(
        page.make_svg("path", d="".join(dots[1:]), class_="warm"),
        page.make_svg("path", d=dots[0], class_="cold"),
        page.make_svg("text", "first", x=x[0] + 8, y=y[0] + 4),
        page.make_svg("text", "prediction 1", x=LEFT, y=HEIGHT - 6),
        page.make_svg("text", str(times.size), x=WIDTH - 8, y=HEIGHT - 6, text_anchor="end"),
    )
    svg.setAttribute("aria-label", f"Time of each of {times.size} predictions, as a plot")
