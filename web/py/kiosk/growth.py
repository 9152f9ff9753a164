"""Detect memory that grows from visit to visit."""

SETTLED = 3
"""Measurements before the baseline, while networks, shaders and fonts are loaded."""

ALLOWED = {"tensors": (1.5, 200), "engine": (1.5, 64e6), "page": (2.0, 128e6)}
"""Limits: factor of the baseline, and an absolute allowance on top."""

UNITS = {"tensors": (1.0, "tensors"), "engine": (1e6, "MB of tensors"), "page": (1e6, "MB")}


class Growth:
    """Compares memory between visits with a baseline."""

    def __init__(self) -> None:
        self._first: dict[str, list[float]] = {}

    def measure(self, amounts: dict[str, float]) -> str:
        """Add a measurement; return what exceeds its limit, in words, or an empty text.

        Args:
            amounts: Number of ``tensors``, bytes of ``engine`` and ``page``; unknown ones
                are omitted.
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
