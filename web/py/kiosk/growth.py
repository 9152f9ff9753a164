"""Detects memory that grows from visit to visit."""

SETTLED = 3
"""Measurements after which a page has loaded what it keeps: networks, shaders, fonts."""

ALLOWED = {"tensors": (1.5, 200), "engine": (1.5, 64e6), "page": (2.0, 128e6)}
"""How much there may be of what: so many times what there was at first, and so much more."""

UNITS = {"tensors": (1.0, "tensors"), "engine": (1e6, "MB of tensors"), "page": (1e6, "MB")}


class Growth:
    """Compares memory between visits with that after the first ones."""

    def __init__(self) -> None:
        self._first: dict[str, list[float]] = {}

    def measure(self, amounts: dict[str, float]) -> str:
        """Add a measurement; return what has grown beyond its limit, in words, or an empty text.

        Args:
            amounts: ``tensors``, bytes of them in the ``engine``, bytes of the ``page``; those
                that are known.
        """
        return ", ".join(filter(None, (self._grown(*each) for each in amounts.items())))

    def _grown(self, name: str, amount: float) -> str:
        first = self._first.setdefault(name, [])
        if len(first) < SETTLED:
            first.append(amount)
            return ""
        times, more = ALLOWED[name]
        most = max(first) * times + more
        scale, unit = UNITS[name]
        if amount <= most:
            return ""
        return f"{amount / scale:,.0f} {unit} instead of {max(first) / scale:,.0f}"
