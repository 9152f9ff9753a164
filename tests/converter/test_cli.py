import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from card import Card, Kind
from converter import cli, flags, golden, parity, pipeline, readers, stages
from tests.converter.building import MATRIX, graph, node, source

ROOT = Path(cli.__file__).parents[1]


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that returns the small network for any file."""
    monkeypatch.setattr(readers, "read", lambda *_: source())


def test_help_is_quick_and_needs_no_set_up() -> None:
    command = [sys.executable, "-m", "converter", "--help"]
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    began = time.monotonic()
    ran = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, check=True)
    assert time.monotonic() - began < 3  # half a second, and patience for a busy machine
    assert "convert" in ran.stdout


def test_whoever_reads_may_go_away(made: Path) -> None:
    command = [sys.executable, "-m", "converter", "check", str(made), "--json"]
    started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert started.stdout is not None
    assert started.stderr is not None
    started.stdout.close()
    assert started.stderr.read() == b""
    assert started.wait() == 141
    started.stderr.close()


def test_the_command_line_imports_no_framework() -> None:
    program = "import sys, converter.cli; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "converter.cli" in ran.stdout
    assert not {"tensorflow", "keras"} & set(ran.stdout.split())


def test_convert_writes_a_bundle_that_passes_its_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_text("eins\nzwei é\n", encoding="utf-8")
    out = tmp_path / "out"
    arguments = ["convert", "m.keras", "--name", "tiny", "--title", "Tiny one", "--out", str(out)]
    kinds = ["--input", "latent", "--output", "classes", "--top", "1", "--every"]
    assert cli.main([*arguments, *kinds, "--labels", str(labels), "--quantize", "none"]) == 0
    assert "bytes in 3 files" in capsys.readouterr().out
    card = Card.from_json((out / "card.json").read_text("utf-8"))
    assert (card.name, card.title, card.labels) == ("tiny", "Tiny one", ("eins", "zwei é"))
    assert card.input == Kind("latent", {})
    assert card.output == Kind("classes", {"top": 1, "every": True})
    assert card.parity.source == "numpy"
    assert card.parity.float32 < 1e-5 < card.parity.tolerance
    assert cli.main(["check", str(out)]) == 0
    table = capsys.readouterr().out
    assert f"tiny {card.version}: 3 golden vectors" in table
    assert table.count("passed") == 2


def test_a_task_stands_for_two_kinds_whose_options_are_flags() -> None:
    texts = {
        "task": "detect",
        "fit": "letterbox",
        "channels": "bgr",
        "mean": "123.675,116.28,103.53",
        "std": "58",
        "sizes": "416x416,256x416",
        "threshold": "0.5",
    }
    parser = argparse.ArgumentParser()
    flags.add(parser)
    options = parser.parse_args([f"--{name}={text}" for name, text in texts.items()])
    assert flags.chosen(options) == (
        Kind(
            "picture",
            {
                "fit": "letterbox",
                "mean": [123.675, 116.28, 103.53],
                "std": 58,
                "channels": "bgr",
                "sizes": [[416, 416], [256, 416]],
            },
        ),
        Kind("boxes", {"threshold": 0.5}),
    )


def test_every_option_of_every_kind_is_a_flag_with_its_help(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["convert", "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    for modules in (flags.inputs(), flags.outputs()):
        for name, module in modules.items():
            for option in module.OPTIONS:
                assert f"--{option.name}" in shown
                assert option.help.split()[0] in shown
                assert name in shown


def test_check_speaks_json(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(made), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["passed"] is True
    assert [result["backend"] for result in report["results"]] == ["cpu", "wasm"]


def test_failed_parity_is_status_1(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = stages.Result(stages.GOLDEN, "cpu", np.inf, 0.01, 1.0, 1.0)
    report = replace(parity.check(made), results=(bad,), diverges="Conv2D c is to blame")
    monkeypatch.setattr(parity, "check", lambda *_: report)
    assert cli.main(["check", str(made)]) == 1
    shown = capsys.readouterr().out
    assert "inf  1.00e-02" in shown.split("FAILED")[0]
    assert "Conv2D c is to blame" in shown
    assert cli.main(["check", str(made), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["results"][0]["error"] is None
    assert told["diverges"] == "Conv2D c is to blame"


def test_inspect_counts_operations(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["inspect", "m.keras"]) == 0
    shown = capsys.readouterr().out
    assert "inputs:  x float32 [1, 2]" in shown
    assert "weights: 4 values in 1 arrays" in shown
    assert "   1 MatMul\n" in shown


def test_inspect_marks_what_tfjs_lacks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = graph(node("y", "Frobnicate", "x"), outputs=["y"])
    monkeypatch.setattr(readers, "read", lambda *_: readers.Source(odd, "numpy", list))
    assert cli.main(["inspect", "m.keras"]) == 0
    assert "   1 Frobnicate  (TF.js does not know this)" in capsys.readouterr().out


TINY = ["convert", "m.keras", "--name", "tiny"]
LATENT = [*TINY, "--input", "latent", "--output", "classes"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["convert", "m.keras", "--name", "Big Name"], "name: expected lower-case letters"),
        (["convert", "m.keras", "--name", "a", "--labels", "nowhere"], "nowhere: cannot be read"),
        (["check", "nowhere"], "card.json: is missing"),
        (
            [*TINY, "--task", "dream"],
            "--task: there is no task 'dream'; there are classify, detect",
        ),
        (
            [*TINY, "--input", "smell", "--output", "classes"],
            "there is no input kind 'smell'; there",
        ),
        (
            [*TINY, "--input", "latent", "--output", "smell"],
            "there is no output kind 'smell'; there",
        ),
        ([*TINY, "--input", "latent"], "--output: is missing; there are boxes, classes"),
        ([*TINY, "--output", "classes"], "--input: is missing; there are drawing, latent"),
        (
            [*TINY, "--task", "sketch", "--input", "latent"],
            "--task: stands for an input kind and an",
        ),
        ([*TINY, "--mean", "1"], "--mean: is an option of picture; add --task, or --input and"),
        (
            [*LATENT, "--mean", "1"],
            "--mean: latent and classes have --choice, --every, --parts, --top alone",
        ),
        ([*LATENT, "--top", "all"], "--top: expected a number, got 'all'"),
        ([*LATENT, "--top", "0"], "option top: expected a whole number of 1 or more, got 0"),
        ([*LATENT, "--parts", "a=1,b=2"], "option parts: expected 2 numbers together, got {'a': 1"),
        ([*TINY, "--task", "classify"], "input x: expected (1, height, width, 3), got (1, 2)"),
        ([*TINY, "--input", "latent", "--output", "boxes"], "a picture needs a network that takes"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    assert not list(tmp_path.iterdir())
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert message in said
    assert said.count("\n") == 1


def test_examples_of_the_caller_become_golden_vectors(tmp_path: Path) -> None:
    example = (golden.Sample(np.array([[3, 1]], np.uint8), 2.0),)
    about = pipeline.About("tiny", "Tiny", "Written by hand.")
    made = pipeline.convert(Path("m.keras"), tmp_path / "tiny", about, "uint8", [example])
    (case,) = made.card.golden.cases
    data = (tmp_path / "tiny" / made.card.golden.path).read_bytes()
    expected = np.array([[6, 2]], np.float32) @ MATRIX
    np.testing.assert_array_equal(case.outputs[0].values(data, "float32"), expected)


def test_tolerance_has_room_for_quantization_and_gpus() -> None:
    assert pipeline.tolerance(0.1, 5) == pytest.approx(0.25)


def test_convert_tells_what_became_of_the_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert cli.main(["convert", "m.keras", "--name", "tiny", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "nodes       1 as read, 1 as written" in said.out
    assert "parameters  4\n" in said.out
    assert "in float32, " in said.out
    assert said.out.count("source to float32") == said.out.count("float32 to shipped") == 2
    assert not said.err


def test_progress_is_told_to_terminals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert cli.main(["convert", "m.keras", "--name", "tiny", "--out", str(tmp_path / "out")]) == 0
    steps = capsys.readouterr().err.splitlines()
    assert steps[0] == "read m.keras ..."
    assert steps[-1] == f"write {tmp_path / 'out'} ..."
    assert len(steps) == 6
