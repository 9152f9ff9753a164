"""A web server for `dist/`, for trying it out: any static host will do as well."""

from __future__ import annotations

import errno
import os
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.console import say
from tools.errors import BuildError
from tools.site import UNVERSIONED

HOST = "127.0.0.1"
FOR_EVER = "public, max-age=31536000, immutable"


class Handler(SimpleHTTPRequestHandler):
    """Serves files with the types that browsers insist on, and says how long each is good."""

    protocol_version = "HTTP/1.1"
    # What the system's own table says is not to be trusted (the Windows registry, above all).
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
        """Remember the status: an error is not to be kept for ever."""
        self._status = code
        super().send_response(code, message)

    def end_headers(self) -> None:
        """Add how long the answer may be kept."""
        name = re.split("[?#]", self.path, maxsplit=1)[0].removeprefix("/")
        lasting = self._status == 200 and name and name not in UNVERSIONED
        self.send_header("Cache-Control", FOR_EVER if lasting else "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is for what the person should read."""


class Server(ThreadingHTTPServer):
    """A server that never shares its port with another program, as Windows would allow."""

    allow_reuse_address = os.name == "posix"


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server for a folder, bound but not yet running; port 0 takes any free one.

    Raises:
        BuildError: the port is taken or not allowed.
    """
    try:
        return Server((HOST, port), partial(Handler, directory=str(folder)))
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
