"""`python build.py dev`: serves the site, rebuilds it when a source changes, and reloads pages.

The site is built without Python's snapshot, the slowest step of a build, so pages start more slowly
than published ones. The service worker caches nothing.
"""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import BinaryIO

from glassbooth.console import say
from glassbooth.dev.watch import changes
from glassbooth.environment import find_node, install_npm_packages
from glassbooth.errors import BuildError
from glassbooth.project import Project
from glassbooth.serve import HOST, Handler, make_server
from glassbooth.site import build_site

HERE = Path(__file__).parent
BUILD, RELOAD, WORKER = "/__dev/build", "/__dev/reload.js", "/sw.js"
SCRIPTS = {RELOAD: HERE / "reload.js", WORKER: HERE / "no-worker.js"}
"""Scripts that the server adds to the site or substitutes for its files."""
PAGES = ("/", "/index.html")
UNBUILT = b"<!doctype html><title>Being built</title><p>Being built; see the terminal.</p>"
TAG = f'<script src="{RELOAD}"></script>'.encode()
WATCHED = ("web", "models", "booth.toml", "exhibits", "inputs", "outputs", "sources", "views")


class BuildCounter:
    """Number of the last build; it starts from the time, so that server restarts change it."""

    def __init__(self) -> None:
        self._number = time.time_ns()

    def add(self) -> None:
        """Increment the number."""
        self._number += 1

    def __str__(self) -> str:
        """Return the number as text."""
        return str(self._number)


class DevHandler(Handler):
    """Serves the site with a reload script in its page."""

    builds: BuildCounter

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Send headers; return the body."""
        path = self.path.partition("?")[0]
        if path == BUILD:
            return self._send(str(self.builds).encode(), "text/plain")
        if path in SCRIPTS:
            return self._send(SCRIPTS[path].read_bytes(), "text/javascript")
        index = Path(self.directory) / "index.html"
        if path in PAGES:
            page = index.read_bytes() if index.is_file() else UNBUILT
            return self._send(with_reload(page), "text/html; charset=utf-8")
        return super().send_head()

    def end_headers(self) -> None:
        """Disable caching for every file."""
        self.send_header("Cache-Control", "no-cache")
        SimpleHTTPRequestHandler.end_headers(self)

    def _send(self, content: bytes, kind: str) -> io.BytesIO:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)


def with_reload(page: bytes) -> bytes:
    """Return a page with the reload script added."""
    before, end, after = page.rpartition(b"</body>")
    return before + TAG + end + after if end else page + TAG


def run_dev(project: Project, port: int) -> None:
    """Serve, build and reload until Ctrl-C; failed builds are reported and retried on change.

    Raises:
        BuildError: The port is taken, or tools cannot be installed.
    """
    site, builds = project.cache / "dev", BuildCounter()
    site.mkdir(parents=True, exist_ok=True)
    handler = type("BoundHandler", (DevHandler,), {"builds": builds})
    node = find_node(project)
    install_npm_packages(project, node)
    roots = [project.root / name for name in WATCHED]
    with make_server(site, port, handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        say(f"Open http://{HOST}:{server.server_port}/ in a browser; Ctrl-C stops.")
        watched = changes(roots)  # includes changes during the first build
        follow(lambda: build_site(project, node, out=site, snapshot=False), builds, watched)


def follow(
    build: Callable[[], object], builds: BuildCounter, watched: Iterable[list[Path]]
) -> None:
    """Build once, and again after each change; print the results."""
    attempt(build, builds)
    for paths in watched:
        say(f"Changed: {', '.join(path.name for path in paths[:3])}{' ...' * (len(paths) > 3)}")
        attempt(build, builds)


def attempt(build: Callable[[], object], builds: BuildCounter) -> None:
    """Build and count the build; print the reason if it fails."""
    start = time.monotonic()
    try:
        build()
    except (BuildError, OSError, SyntaxError, ValueError) as error:
        say(f"Not built: {error}")
        return
    builds.add()
    say(f"Built in {time.monotonic() - start:.1f} s")
