"""A static host for the tests, which can simulate failures."""

import threading
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class Reply:
    """A response in place of a file; without `body` the connection is closed."""

    body: bytes | None
    status: int = 200
    type: str = "application/octet-stream"


@dataclass
class StaticHost:
    """Serves a folder below a path of its origin.

    Attributes:
        folder: Folder to serve; may be changed while serving, like a deploy.
        path: Path of the folder on the host, `/` or `/a/b/`.
        replies: Replies in place of files, by path suffix.
        requests: Every requested path, in order.
    """

    folder: Path
    path: str = "/"
    replies: dict[str, Reply] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        handler = partial(_Handler, self)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def origin(self) -> str:
        return f"http://localhost:{self._server.server_port}"

    @property
    def url(self) -> str:
        return self.origin + self.path


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012
    protocol_version = "HTTP/1.1"

    def __init__(self, host: StaticHost, *args: object) -> None:
        self.host = host
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.host.requests.append(path)
        for end, reply in self.host.replies.items():
            if path.endswith(end):
                self._send(reply)
                return
        super().do_GET()

    def translate_path(self, path: str) -> str:
        self.directory = str(self.host.folder)  # connections outlive a deploy
        if not path.startswith(self.host.path):
            return str(self.host.folder / "outside-of-the-site")
        return super().translate_path("/" + path.removeprefix(self.host.path))

    def _send(self, reply: Reply) -> None:
        if reply.body is None:
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""
