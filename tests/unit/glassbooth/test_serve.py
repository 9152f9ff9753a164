import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from glassbooth.errors import BuildError
from glassbooth.serve import make_server

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "engine-1").mkdir()
    for name in (
        "index.html",
        "sw.js",
        "manifest.webmanifest",
        "engine-1/a.mjs",
        "engine-1/a.wasm",
    ):
        (tmp_path / name).write_text(name)
    with make_server(tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def headers(url: str) -> Message:
    try:
        with urllib.request.urlopen(url) as answer:
            found: Message = answer.headers
            return found
    except urllib.error.HTTPError as error:
        return error.headers


@pytest.mark.parametrize(
    ("path", "kind", "lasting"),
    [
        ("/", "text/html; charset=utf-8", False),
        ("/?kiosk=digits", "text/html; charset=utf-8", False),
        ("/index.html", "text/html; charset=utf-8", False),
        ("/sw.js", "text/javascript", False),
        ("/manifest.webmanifest", "application/manifest+json", False),
        ("/engine-1/a.mjs", "text/javascript", True),
        ("/engine-1/a.wasm", "application/wasm", True),
    ],
)
def test_files_have_the_right_type_and_lifetime(
    url: str, path: str, kind: str, lasting: bool
) -> None:
    found = headers(url + path)
    assert found["Content-Type"] == kind
    assert found["Cache-Control"] == (FOR_EVER if lasting else "no-cache")


def test_what_is_missing_now_may_be_there_later(url: str) -> None:
    assert headers(f"{url}/engine-2/a.mjs")["Cache-Control"] == "no-cache"


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with make_server(tmp_path, 0) as server:
        taken = server.server_port
        with pytest.raises(BuildError, match=rf"Port {taken} is taken by another program"):
            make_server(tmp_path, taken)
