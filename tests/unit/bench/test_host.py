import time
import urllib.request
from pathlib import Path

from bench.host import BenchHost, Link


def fetch(address: str) -> tuple[bytes, dict[str, str]]:
    with urllib.request.urlopen(address) as answer:
        return answer.read(), dict(answer.headers)


def test_the_longest_path_counts_and_nothing_outside_is_found(tmp_path: Path) -> None:
    for name in ("a.js", "b/a.js", "b/index.html", "secret"):
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).write_text(name)
    host = BenchHost(
        {"/": tmp_path / "site" / "b", "/x/": tmp_path / "site", "/s": tmp_path / "site/secret"}
    )
    found = {path: host.find(path) for path in ("/a.js", "/x/a.js", "/s", "/", "/isolated/a.js")}
    assert [path and path.relative_to(tmp_path / "site").as_posix() for path in found.values()] == [
        "b/a.js", "a.js", "secret", "b/index.html", "b/a.js",
    ]  # fmt: skip
    assert host.find("/../secret") is None
    assert host.find("/missing") is None


def test_pages_are_asked_for_again_and_all_else_is_kept(tmp_path: Path) -> None:
    for name in ("index.html", "sw.js", "a.wasm"):
        (tmp_path / name).write_text(name)
    with BenchHost({"/": tmp_path}) as host:
        lasting = {name: fetch(host.url + name)[1]["Cache-Control"] for name in ("sw.js", "a.wasm")}
        content, headers = fetch(host.url)
        isolated = fetch(f"{host.url}isolated/a.wasm")[1]
    assert lasting == {"sw.js": "no-cache", "a.wasm": "public, max-age=31536000, immutable"}
    assert (content, headers["Cache-Control"]) == (b"index.html", "no-cache")
    assert isolated["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "Cross-Origin-Embedder-Policy" not in headers
    assert [path.name for path in host.sent] == ["sw.js", "a.wasm", "index.html", "a.wasm"]


def test_all_connections_share_a_link() -> None:
    link = Link(megabits=8, latency_ms=0)
    start = time.monotonic()
    for _ in range(4):
        link.carry(10_000)  # a hundredth of a second each
    assert time.monotonic() - start >= 0.039
