import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from glassbooth.dev import live_server
from glassbooth.dev.live_server import BuildCounter, DevHandler, follow, with_reload
from glassbooth.environment import Node
from glassbooth.errors import BuildError
from glassbooth.project import HERE
from glassbooth.serve import make_server
from glassbooth.snapshot import write_empty_snapshot

Get = Callable[[str], tuple[bytes, dict[str, str]]]


@contextmanager
def serving(folder: Path, builds: BuildCounter) -> Iterator[Get]:
    handler = type("Handler", (DevHandler,), {"builds": builds})
    with make_server(folder, 0, handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def get(path: str) -> tuple[bytes, dict[str, str]]:
            address = f"http://127.0.0.1:{server.server_port}{path}"
            with urllib.request.urlopen(address) as answer:
                return answer.read(), dict(answer.headers)

        yield get
        server.shutdown()


def test_the_page_gets_the_script_that_reloads_it(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<body><p>hello</p></body></html>")
    (tmp_path / "app.js").write_text("1")
    with serving(tmp_path, BuildCounter()) as get:
        page, headers = get("/?kiosk=digits")
        assert page == b'<body><p>hello</p><script src="/__dev/reload.js"></script></body></html>'
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert b"location.reload()" in get("/__dev/reload.js")[0]
        assert get("/app.js") == (b"1", {**get("/app.js")[1], "Cache-Control": "no-cache"})


def test_nothing_is_kept_by_a_service_worker(tmp_path: Path) -> None:
    (tmp_path / "sw.js").write_text("precache everything")
    with serving(tmp_path, BuildCounter()) as get:
        worker, headers = get("/sw.js")
    assert b"registration.unregister()" in worker
    assert b"precache" not in worker
    assert headers["Content-Type"] == "text/javascript"


def test_pages_see_that_there_was_a_build(tmp_path: Path) -> None:
    builds = BuildCounter()
    with serving(tmp_path, builds) as get:
        first = get("/__dev/build")[0]
        assert get("/__dev/build")[0] == first
        builds.add()
        assert get("/__dev/build")[0] != first


def test_before_the_first_build_a_page_waits_for_it(tmp_path: Path) -> None:
    with serving(tmp_path, BuildCounter()) as get:
        page = get("/")[0]
    assert b"Being built" in page
    assert live_server.TAG in page


def test_a_page_without_an_end_gets_the_script_too() -> None:
    assert with_reload(b"<p>hello").startswith(b"<p>hello<script")


def test_a_failed_build_is_told_and_does_not_stop_it(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes: list[Exception | None] = [None, BuildError("booth.toml: unknown key 'titel'."), None]
    seen: list[str] = []
    builds = BuildCounter()

    def build() -> None:
        seen.append(str(builds))
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome

    follow(build, builds, [[Path("web/a.css")], [Path(name) for name in "abcd"]])
    seen.append(str(builds))
    assert seen[1] != seen[0]
    assert seen[2] == seen[1]  # pages keep what they have
    assert seen[3] != seen[2]
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:4] == [
        "Changed: a.css",
        "Not built: booth.toml: unknown key 'titel'.",
        "Changed: a, b, c ...",
    ]


def test_in_the_place_of_a_snapshot_there_is_an_empty_file(tmp_path: Path) -> None:
    made = write_empty_snapshot(
        HERE, Node(Path("node"), Path("npm")), tmp_path / "x.whl", {}, tmp_path
    )
    assert (tmp_path / made.memory).read_bytes() == b""
    assert made.libraries == {}
