"""Runs ONNX's own node tests through the converter and TF.js.

``python -m tests.converter.readers.onnx.cases`` writes the table of docs/onnx-node-tests.md anew.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

from card import CardError
from converter import bundle, tfjs
from converter.emit.refusals import Unconvertible
from converter.errors import ConverterError
from converter.passes import optimise
from converter.readers import onnx as reader
from converter.readers.onnx.conversion import Converted

TABLE = Path(__file__).parents[4] / "docs" / "onnx-node-tests.md"

PASSED, REFUSED, BEYOND, WRONG = "passed", "refused", "not representable", "WRONG"

_BEYOND_KINDS = ("string", "complex", "float8", "float4", "float6", "int4", "int2", "bool_sequence")
_CONTROL = frozenset({"Loop", "Scan", "If", "SequenceMap"})


@dataclass(frozen=True)
class Verdict:
    """Result of a case."""

    name: str
    status: str
    reason: str = ""


@dataclass(frozen=True)
class _Ready:
    name: str
    converted: Converted
    graph: Any
    given: Sequence[NDArray[Any]]
    expected: Sequence[NDArray[Any]]
    rtol: float
    atol: float
    note: str

    @property
    def coarse(self) -> bool:
        """Whether ONNX rounds intermediate values to bfloat16, which has 8 bits of precision."""
        kinds = {port.kind for port in (*self.converted.inputs, *self.converted.outputs)}
        return "bfloat16" in kinds


_LARGEST = np.finfo(np.float32).max
"""Infinite constants are stored as this value."""


def judge_all() -> list[Verdict]:
    """Run every case; return the results in order of name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = sorted(collect_testcases(None), key=lambda case: case.name)
    prepared = [_prepare(case) for case in cases]
    ready = [each for each in prepared if isinstance(each, _Ready)]
    answers = iter(_run(ready))
    return [each if isinstance(each, Verdict) else next(answers) for each in prepared]


def _prepare(case: Any) -> Verdict | _Ready:
    if reason := _beyond(case):
        return Verdict(case.name, BEYOND, reason)
    given, expected = case.data_sets[0]
    fixed: list[str] = []
    for _ in range(4):
        try:
            return _converted(case, given, expected, fixed)
        except Unconvertible as error:
            needs = {name for each in error.problems for name in each.needs} - set(fixed)
            needs &= {each.name for each in case.model.graph.input}
            if not needs:
                reasons = dict.fromkeys(each.reason for each in error.problems)
                return _refused(case.name, "; ".join(reasons))
            fixed += sorted(needs)
        except (ConverterError, CardError) as error:
            return _refused(case.name, str(error))
    return _refused(case.name, "needs more constants")


def _refused(name: str, reason: str) -> Verdict:
    text = reason.replace("\n", " ").replace("|", "/")
    if "depends on what the network computes" in text or "holds nothing" in text:
        return Verdict(name, BEYOND, text[:160])
    return Verdict(name, REFUSED, text[:160])


def _beyond(case: Any) -> str:  # noqa: PLR0911, PLR0912 - one for each reason
    graph = case.model.graph
    for value in (*graph.input, *graph.output):
        kind = value.type.WhichOneof("value")
        if kind != "tensor_type":
            return f"{kind.removesuffix('_type')} types"
        element = onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type).lower()
        if element.startswith(_BEYOND_KINDS) or element in {"uint4", "uint2"}:
            return f"{element} tensors"
        if any(
            each.dim_value == 0
            for each in value.type.tensor_type.shape.dim
            if each.HasField("dim_value")
        ):
            return "empty tensors"
    for node in graph.node:
        if node.op_type in _CONTROL:
            return "control flow"
        if "training" in node.domain or "training" in case.name or "_train" in case.name:
            return "training"
        if node.op_type == "BitCast":
            return "bits of other types"
        if node.op_type == "ImageDecoder":
            return "files within a network"
        if node.op_type in {"Bernoulli"}:
            return "random results"
        if node.domain == "ai.onnx.ml":
            return "classical machine learning"
        for attribute in node.attribute:
            if attribute.name in {"to", "dtype"} and _narrow(attribute.i):
                return "4- and 8-bit types"
    return ""


def _narrow(kind: int) -> bool:
    name = onnx.TensorProto.DataType.Name(kind).lower()
    return name.startswith(_BEYOND_KINDS) or name in {"uint4", "uint2"}


def _converted(
    case: Any, given: Sequence[Any], expected: Sequence[Any], fixed: Sequence[str]
) -> _Ready:
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    names = [each.name for each in model.graph.input]
    arrays = dict(zip(names, map(_plain, given), strict=True))
    for value in list(model.graph.input):
        if value.name in fixed:
            model.graph.initializer.append(numpy_helper.from_array(arrays[value.name], value.name))
            model.graph.input.remove(value)
    prepared = reader.prepare(model, case.name, {})
    converted = reader.convert(prepared, case.name)
    inputs = [port.to_graph(arrays[port.name]) for port in converted.inputs]
    outputs = [
        port.to_graph(_plain(each)) for port, each in zip(converted.outputs, expected, strict=True)
    ]
    note = f"with {', '.join(fixed)} constant" if fixed else ""
    graph = optimise(converted.graph)
    return _Ready(case.name, converted, graph, inputs, outputs, case.rtol, case.atol, note)


def _plain(value: Any) -> NDArray[Any]:
    return (
        numpy_helper.to_array(value) if isinstance(value, onnx.TensorProto) else np.asarray(value)
    )


def _run(ready: Sequence[_Ready]) -> list[Verdict]:
    networks, verdicts = [], {}
    for each in ready:
        try:
            files = bundle.network(each.graph, "case", "none")
        except ConverterError as error:
            verdicts[each.name] = _refused(each.name, str(error))
            continue
        outputs = [output.tensor for output in each.graph.outputs]
        networks.append((each, tfjs.Network(files, each.graph.inputs, outputs, [each.given])))
    answers = tfjs.run_all([network for _, network in networks], "cpu")
    for (each, _), answer in zip(networks, answers, strict=True):
        verdicts[each.name] = _judge(each, answer)
    return [verdicts[each.name] for each in ready]


def _judge(case: _Ready, answer: tfjs.Answers | Exception) -> Verdict:
    if isinstance(answer, Exception):
        return _refused(case.name, str(answer))
    for got, expected in zip(answer.outputs[0], case.expected, strict=True):
        if got.shape != expected.shape:
            return Verdict(case.name, WRONG, f"shape {got.shape}, not {expected.shape}")
        rtol = 2e-2 if case.coarse else max(case.rtol, 1e-3)
        a, b = (np.clip(each, -_LARGEST, _LARGEST) for each in (got, expected))
        if not np.allclose(a, b, rtol, max(case.atol, 1e-5), equal_nan=True):
            with np.errstate(all="ignore"):
                gap = np.abs(got.astype(np.float64) - expected).max()
            return Verdict(case.name, WRONG, f"differs by {gap:.3g}")
    return Verdict(case.name, PASSED, case.note)


def table(verdicts: Sequence[Verdict]) -> str:
    """Return the documentation page with every case."""
    counts = Counter(each.status for each in verdicts)
    possible = counts[PASSED] + counts[REFUSED] + counts[WRONG]
    lines = [
        "# ONNX's node tests",
        "",
        f"The tests of single operators that onnx {onnx.__version__} ships, through the converter",
        "and TF.js (plain JavaScript backend). Written by",
        "`python -m tests.converter.readers.onnx.cases`.",
        "",
        f"- passed: {counts[PASSED]} of {possible} that can be represented "
        f"({counts[PASSED] / possible:.1%})",
        f"- refused, with a reason: {counts[REFUSED]}",
        f"- not representable in a bundle: {counts[BEYOND]}",
        f"- wrong: {counts[WRONG]}",
        "",
        "| case | result | why |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {each.name} | {each.status} | {each.reason} |" for each in verdicts]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(judge_all()), encoding="utf-8")
