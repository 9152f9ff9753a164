"""A static host with cache headers like a production host's, which records the files sent.

On a `Link`, all connections share its bandwidth, every response waits for its latency, and text and
WebAssembly are sent as brotli, which Chromium accepts from localhost without HTTPS.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from bench import forms

TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}
ISOLATION = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
FOR_EVER = "public, max-age=31536000, immutable"
CHANGING = (".html", "sw.js", ".webmanifest")
"""Suffixes of files that browsers must revalidate."""
CHUNK = 16 * 1024


class Link:
    """A simulated network link shared by all connections."""

    def __init__(self, megabits: float, latency_ms: float) -> None:
        """Create a link with a bandwidth in Mbit/s and a round-trip time in ms."""
        self._seconds_a_byte = 8 / (megabits * 1e6)
        self.latency = latency_ms / 1000
        self._free = 0.0
        self._lock = threading.Lock()

    def carry(self, size: int) -> None:
        """Wait until this many bytes are transferred, after those already queued."""
        with self._lock:
            self._free = max(self._free, time.monotonic()) + size * self._seconds_a_byte
            done = self._free
        time.sleep(max(0.0, done - time.monotonic()))


@dataclass
class BenchHost:
    """Serves folders and files below paths of one origin.

    Attributes:
        mounts: Folder or file by path; the longest matching path applies. Paths of folders end with
            ``/`` and serve their ``index.html``.
        link: Simulated link; without one, there is no delay and no compression.
        isolated: Prefixes of paths that are served with cross-origin isolation. The first applies
            to any other path.
        sent: Every file sent, in order.
    """

    mounts: Mapping[str, Path]
    link: Link | None = None
    isolated: tuple[str, ...] = ("/isolated/", "/npm/", "/ort/")
    sent: list[Path] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Start serving."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Origin with a trailing slash."""
        return f"http://localhost:{self._server.server_port}/"

    def find(self, path: str) -> Path | None:
        """Return the file at a URL path."""
        if path.startswith(self.isolated[0]):
            path = "/" + path.removeprefix(self.isolated[0])
        for mount in sorted(self.mounts, key=len, reverse=True):
            if path == mount or (mount.endswith("/") and path.startswith(mount)):
                rest, target = path.removeprefix(mount), self.mounts[mount]
                found = target / rest if rest else target
                found = found / "index.html" if found.is_dir() else found
                return found if found.is_file() and ".." not in rest else None
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, host: BenchHost, *args: object) -> None:
        self.host = host
        self.fresh = True
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Send a file."""
        path = self.path.partition("?")[0]
        file = self.host.find(path)
        self._wait()
        if not file:
            self.send_response(HTTPStatus.NOT_FOUND)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.host.sent.append(file)
        form = forms.brotli(file) if self.host.link else None
        with suppress(ConnectionError):  # the page that asked is closed
            self._send((form or file).read_bytes(), self._headers(path, file, form is not None))

    def _wait(self) -> None:
        """Wait for the link's latency: once for the response, and once for a new connection."""
        if self.host.link:
            time.sleep(self.host.link.latency * (2 if self.fresh else 1))
        self.fresh = False

    def _headers(self, path: str, file: Path, compressed: bool) -> dict[str, str]:
        lasting = not file.name.endswith(CHANGING)
        return {
            "Content-Type": TYPES.get(file.suffix, "application/octet-stream"),
            "Cache-Control": FOR_EVER if lasting else "no-cache",
            **({"Content-Encoding": "br"} if compressed else {}),
            **(ISOLATION if path.startswith(self.host.isolated) else {}),
        }

    def _send(self, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(HTTPStatus.OK)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        link = self.host.link
        for start in range(0, len(content), CHUNK if link else len(content) or 1):
            part = content[start : start + CHUNK] if link else content
            if link:
                link.carry(len(part))
            self.wfile.write(part)

    def log_message(self, *_: object) -> None:
        """Log nothing."""
