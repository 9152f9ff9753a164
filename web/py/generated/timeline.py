"""Times of the steps from input to answer."""

from dataclasses import dataclass, replace

from host import engine, page


@dataclass(frozen=True)
class Times:
    """Times of the steps of one run, in ms.

    Attributes:
        decode: From a file or frame to pixels.
        prepare: From pixels to the network's inputs.
        crossing: From Python to the engine and back.
        read: From the network's outputs to the answer.
        inference: Within the engine.
    """

    decode: float
    prepare: float
    crossing: float
    read: float
    inference: float = 0

    def split(self, inference: float) -> "Times":
        """Return the times with the engine's own ms taken out of `crossing`."""
        inference = min(inference, self.crossing)
        return replace(self, crossing=self.crossing - inference, inference=inference)

    @property
    def total(self) -> float:
        """Sum of all steps."""
        return self.decode + self.prepare + self.crossing + self.inference + self.read

    @property
    def python(self) -> float:
        """Time spent in Python, without inference."""
        return self.prepare + self.crossing + self.read


STEPS = ("decode", "prepare", "crossing", "inference", "read")


class Timeline:
    """The table of times of the first and the current run."""

    def __init__(self, scope: page.Scope) -> None:
        self._first: Times | None = None
        self._body = scope.find("timeline").querySelector("tbody")
        self._note = scope.find("timeline-note")
        self._cells = [self._add_row(name.capitalize()) for name in (*STEPS, "total")]

    def _add_row(self, name: str) -> tuple[page.Element, page.Element, page.Element]:
        row = page.make("tr")
        first, now, lane = page.make("td"), page.make("td"), page.make("td", class_="lane")
        bar = page.make("span")
        lane.append(bar)
        row.append(page.make("th", name, scope="row"), first, now, lane)
        self._body.append(row)
        return first, now, bar

    def clear(self) -> None:
        """Clear all runs."""
        self._first = None
        for before, present, bar in self._cells:
            before.textContent = present.textContent = ""
            bar.style.setProperty("--share", "0")
        self._note.textContent = "No run yet."

    def show(self, now: Times, stats: engine.Stats) -> None:
        """Show this run beside the first one, and the engine's statistics."""
        now = now.split(stats.run_ms)
        self._first = first = self._first or now
        start = 0.0
        for name, (before, present, bar) in zip((*STEPS, "total"), self._cells, strict=True):
            ms = getattr(now, name)
            before.textContent = f"{getattr(first, name):.1f}"
            present.textContent = f"{ms:.1f}"
            bar.style.setProperty("--from", str(start / now.total if name != "total" else 0))
            bar.style.setProperty("--share", str(ms / now.total))
            start += ms
        self._note.textContent = (
            f"Python's share of this run (prepare, crossing, read): {now.python:.1f} of "
            f"{now.total:.1f} ms. The engine holds {stats.tensors} tensors, "
            f"{stats.bytes / 1e6:.1f} MB."
        )
