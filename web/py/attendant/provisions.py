"""Keeps the booth's networks on the device: it runs without the Internet, also after a restart."""

from host import engine, offline


class Provisions:
    """Looks after every network that the exhibits use."""

    def __init__(self) -> None:
        self._kept: set[str] = set()
        self._reason = ""

    async def keep(self, models: frozenset[str]) -> None:
        """Keep those of the models that a first visit does not keep anyway."""
        for name in sorted(models - self._kept):
            try:
                if offline.size(name) and not await offline.has(name):
                    await offline.keep(name, lambda _bytes: None)
            except engine.EngineError as error:
                self._reason = str(error)
                return
            self._kept.add(name)
            self._reason = ""

    def __str__(self) -> str:
        """Say how it went, for the operator."""
        return self._reason or f"{len(self._kept)} networks"
