import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from glassbooth.download import CHUNK, download

CONTENT = bytes(range(256)) * (CHUNK // 256) * 2 + b"end"


class DownloadHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/file" else 404)
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), DownloadHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_file_is_written_as_it_was_sent(host: str, tmp_path: Path) -> None:
    download(f"{host}/file", tmp_path / "file", "Fetching")
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_an_error_page_is_not_a_file(host: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="404"):
        download(f"{host}/other", tmp_path / "file", "Fetching")
    assert not (tmp_path / "file").exists()


def test_a_host_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="refused"):
        download("http://127.0.0.1:1/file", tmp_path / "file", "Fetching")
