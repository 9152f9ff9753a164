"""Types of the global object `glassbooth`, the interface of JavaScript to Python.

``web/js/boundary.js`` declares and publishes the same names in JavaScript; a test compares the two.
This is the only module that imports `glassbooth`; the browser's own objects come from `js`.
Arguments and results are JavaScript objects: functions are proxies of
`pyodide.ffi.create_proxy`, which the caller destroys.
"""

# ruff: noqa: D102, N802, N803, N815 - JavaScript's names, documented where they are used

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from js import glassbooth as _published

JsObject: TypeAlias = Any
"""A JavaScript object or array, converted as a whole by ``to_js`` or ``to_py``."""


if TYPE_CHECKING:

    class Trial(Protocol):
        """Result of a backend: either figures, or a `reason` for their absence."""

        backend: str
        passed: bool
        error: float
        tolerance: float
        first: float
        later: float
        reason: str

    class Loaded(Protocol):
        """Result of loading a model."""

        handle: int
        card: str
        backend: str
        trials: Sequence[Trial]

    class LoadedModel(Protocol):
        """A model held by the engine."""

        name: str

    class Stats(Protocol):
        """Statistics of the engine."""

        tensors: int
        bytes: int
        recoveries: int
        runMs: float
        threads: int
        models: Sequence[LoadedModel]

    class Engine(Protocol):
        """The engine's verbs; see `host.engine`."""

        def load(self, name: str) -> Awaitable[Loaded]: ...
        def loadOn(self, name: str, backend: str) -> Awaitable[Loaded]: ...
        def run(self, handle: int, inputs: JsObject) -> Awaitable[JsObject]: ...
        def dispose(self, handle: int) -> Awaitable[None]: ...
        def rebuild(self) -> Awaitable[None]: ...
        def stats(self) -> Awaitable[Stats]: ...

    class Question(Protocol):
        """A request to the local API; `body` is an ``ArrayBuffer``."""

        method: str
        path: str
        query: str
        type: str
        body: JsObject

    class LocalApi(Protocol):
        """The local API's end on the page; see `host.local_api`."""

        def serve(self, answer: Callable[[Question, Callable[[int, str], None]], None]) -> None: ...

    class OfflineModels(Protocol):
        """Models kept for offline use; see `host.offline`."""

        possible: bool

        def has(self, name: str) -> Awaitable[bool]: ...
        def keep(self, name: str, onBytes: Callable[[int], None]) -> Awaitable[None]: ...
        def remove(self, name: str) -> Awaitable[None]: ...

    class Downloads(Protocol):
        """Download progress of models; see `host.engine.progress`."""

        def watch(self, name: str, watcher: Callable[[int, int], None]) -> Callable[[], None]: ...

    class Update(Protocol):
        """A newer version of the site; see `host.kiosk`."""

        waiting: bool

        def accept(self) -> None: ...

    class Pen(Protocol):
        """The pen of a canvas; see `host.pen`."""

        def put(self, x: float, y: float) -> None: ...
        def drawTo(self, x: float, y: float) -> None: ...
        def clear(self) -> None: ...

    class Pages(Protocol):
        """Elements of generated pages; see `host.page.content`."""

        def content(self, name: str) -> JsObject: ...

    class Pens(Protocol):
        """Pens by the ids of their canvases."""

        def get(self, canvas: str) -> Pen: ...

    class Recovery(Protocol):
        """An entry of the kiosk's log; see `host.kiosk.Recovery`."""

        at: float
        reason: str
        remedy: str
        times: int

    class Heartbeat(Protocol):
        """The kiosk's watch over Python; see `host.kiosk`."""

        patienceMs: float
        mayReload: bool
        recoveries: Sequence[Recovery]

        def beat(self) -> None: ...
        def record(self, reason: str, remedy: str) -> None: ...
        def reload(self, reason: str) -> None: ...

    class Kiosk(Protocol):
        """The kiosk's lock; see `host.kiosk`."""

        exhibits: Sequence[str]
        known: Sequence[str]
        touched: float
        heartbeat: Heartbeat

    class Boundary(Protocol):
        """The object `glassbooth`; `site` is parsed by `host.site`."""

        engine: Engine
        site: JsObject
        api: LocalApi
        offlineModels: OfflineModels
        downloads: Downloads
        update: Update
        pages: Pages
        pens: Pens
        kiosk: Kiosk

        def setState(self, state: str) -> None: ...


glassbooth: "Boundary" = _published
"""The object itself."""
