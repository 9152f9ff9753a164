"""ONNX's own node tests; `cases` judges each of them."""

import pytest

from converter.readers.onnx import operators
from tests.converter.readers.onnx import cases, operators_page


@pytest.fixture(scope="module")
def verdicts() -> list[cases.Verdict]:
    return cases.judge_all()


def test_none_gives_a_wrong_answer(verdicts: list[cases.Verdict]) -> None:
    assert [each for each in verdicts if each.status == cases.WRONG] == []


def test_nine_of_ten_that_can_be_represented_pass(verdicts: list[cases.Verdict]) -> None:
    possible = [each for each in verdicts if each.status != cases.BEYOND]
    passed = [each for each in possible if each.status == cases.PASSED]
    assert len(passed) >= 0.9 * len(possible)


def test_the_table_in_the_docs_accounts_for_every_case(verdicts: list[cases.Verdict]) -> None:
    written = cases.TABLE.read_text(encoding="utf-8")
    assert written == cases.table(verdicts), "run python -m tests.converter.readers.onnx.cases"


def test_the_table_of_operators_in_the_docs_is_the_registry() -> None:
    written = operators_page.TABLE.read_text(encoding="utf-8")
    assert written == operators_page.table(operators.listing()), (
        "run python -m tests.converter.readers.onnx.operators_page"
    )
