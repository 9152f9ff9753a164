"""A local web server for a built site, for trying it out."""

from __future__ import annotations

import errno
import os
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from glassbooth.console import say
from glassbooth.errors import BuildError
from glassbooth.publish import UNVERSIONED

HOST = "127.0.0.1"
FOR_EVER = "public, max-age=31536000, immutable"


class Handler(SimpleHTTPRequestHandler):
    """Serves files with correct MIME types and cache headers."""

    protocol_version = "HTTP/1.1"
    # The system's own table is not reliable, in particular the Windows registry.
    extensions_map = {  # noqa: RUF012 - the base class declares it so
        "": "application/octet-stream",
        ".css": "text/css",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript",
        ".json": "application/json",
        ".mjs": "text/javascript",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".zip": "application/zip",
    }
    _status = 0

    def send_response(self, code: int, message: str | None = None) -> None:
        """Record the status: errors must not be cached."""
        self._status = code
        super().send_response(code, message)

    def end_headers(self) -> None:
        """Add `Cache-Control`."""
        name = re.split("[?#]", self.path, maxsplit=1)[0].removeprefix("/")
        lasting = self._status == 200 and name and name not in UNVERSIONED
        self.send_header("Cache-Control", FOR_EVER if lasting else "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


class Server(ThreadingHTTPServer):
    """A server that does not share its port with another program, which Windows allows."""

    allow_reuse_address = os.name == "posix"


def make_server(folder: Path, port: int, handler: type[Handler] = Handler) -> ThreadingHTTPServer:
    """Return a server for a folder, bound but not yet running; port 0 takes any free one.

    Raises:
        BuildError: The port is taken or not permitted.
    """
    try:
        return Server((HOST, port), partial(handler, directory=str(folder)))
    except OSError as error:
        reasons = {errno.EADDRINUSE: "taken by another program", errno.EACCES: "for root alone"}
        if error.errno not in reasons:
            raise
        raise BuildError(
            f"Port {port} is {reasons[error.errno]}: choose another one with --port."
        ) from error


def serve(server: ThreadingHTTPServer) -> None:
    """Answer requests until Ctrl-C."""
    say(f"Open http://{HOST}:{server.server_port}/ in a browser; Ctrl-C stops.")
    server.serve_forever()
