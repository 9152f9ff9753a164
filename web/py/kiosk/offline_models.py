"""Keep a kiosk's networks on the device, so that it also restarts offline."""

from host import engine, offline


class OfflineModels:
    """Keeps the networks of all exhibits."""

    def __init__(self) -> None:
        self._kept: set[str] = set()
        self._reason = ""
        self._busy = False

    async def keep(self, models: frozenset[str]) -> None:
        """Keep the models that are not part of the first visit."""
        if self._busy:
            return
        self._busy = True
        try:
            for name in sorted(models - self._kept):
                await self._keep(name)
            self._reason = ""
        except engine.EngineError as error:  # tried again after the next visit
            self._reason = str(error)
        finally:
            self._busy = False

    async def _keep(self, name: str) -> None:
        if offline.size(name) and not await offline.has(name):
            await offline.keep(name, lambda _bytes: None)
        self._kept.add(name)

    def __str__(self) -> str:
        """Return the state in words, for the operator."""
        return self._reason or f"{len(self._kept)} networks"
