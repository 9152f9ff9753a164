"""Einsum as matrix products; the WASM backend has no Einsum."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts


@dataclass(frozen=True)
class _Term:
    """An operand, with a letter for each of its axes."""

    value: Value
    letters: str


@converts("Einsum", since=(12, 28))
def einsum(node: Op, b: Builder) -> Value:
    """Multiply operands from left to right; sum axes that no later operand needs."""
    terms, wanted = _parsed(node)
    if any(len(set(term.letters)) < len(term.letters) for term in terms):
        terms = [_diagonal(b, term) for term in terms]
    first, *rest = terms
    for index, term in enumerate(rest):
        later = "".join(each.letters for each in rest[index + 1 :]) + wanted
        first = _product(b, _summed(b, first, term.letters + later), term, later)
    first = _summed(b, first, wanted)
    order = [first.letters.index(letter) for letter in wanted]
    made = b.transpose(first.value, order)
    return b.unary("Identity", made) if made is node[0] else made


def _parsed(node: Op) -> tuple[list[_Term], str]:
    """Return the operands, and the letters of the result; an ellipsis becomes Greek letters."""
    left, arrow, right = node.text("equation", "").replace(" ", "").partition("->")
    given = left.split(",")
    extra = [v.rank - len(t.replace("...", "")) for v, t in zip(node.given, given, strict=True)]
    dots = [
        chr(0x3B1 + i)
        for i in range(max([e for e, t in zip(extra, given, strict=True) if "." in t], default=0))
    ]
    letters = [
        text.replace("...", "".join(dots[len(dots) - count :]) if count else "")
        for text, count in zip(given, extra, strict=True)
    ]
    if arrow:
        wanted = right.replace("...", "".join(dots))
    else:
        joined = "".join(letters)
        once = sorted(each for each in set(joined) if joined.count(each) == 1)
        wanted = "".join(dots) + "".join(each for each in once if each not in dots)
    return [_Term(v, text) for v, text in zip(node.given, letters, strict=True)], wanted


def _diagonal(b: Builder, term: _Term) -> _Term:
    """Return the diagonal over axes that share a letter."""
    kept = "".join(dict.fromkeys(term.letters))
    if kept == term.letters:
        return term
    sides = {letter: term.value.shape[i] for i, letter in enumerate(term.letters)}
    grid = dict(zip(kept, np.indices([sides[letter] for letter in kept]), strict=True))
    flat = np.ravel_multi_index([grid[letter] for letter in term.letters], term.value.shape)
    values = b.reshape(term.value, (term.value.size,))
    taken = b.gather(values, b.constant(flat.reshape(-1).astype(np.int32)), 0)
    return _Term(b.reshape(taken, [sides[letter] for letter in kept]), kept)


def _summed(b: Builder, term: _Term, needed: str) -> _Term:
    """Sum over the axes whose letters are not needed."""
    gone = [i for i, letter in enumerate(term.letters) if letter not in needed]
    if not gone:
        return term
    left = "".join(letter for letter in term.letters if letter in needed)
    return _Term(b.reduce("Sum", term.value, gone, keep=False), left)


def _product(b: Builder, left: _Term, right: _Term, needed: str) -> _Term:
    """Multiply two terms; sum over letters that both have and are not needed."""
    right = _summed(b, right, left.letters + needed)
    shared = [each for each in left.letters if each in right.letters]
    batch = [each for each in shared if each in needed]
    summed = [each for each in shared if each not in needed]
    rows = [each for each in left.letters if each not in shared]
    columns = [each for each in right.letters if each not in shared]
    sides = {
        letter: side
        for term in (right, left)
        for letter, side in zip(term.letters, term.value.shape, strict=True)
    }
    for letter in shared:
        if (
            left.value.shape[left.letters.index(letter)]
            != right.value.shape[right.letters.index(letter)]
        ):
            raise Refused(f"axis {letter} broadcasts", "expand it first")
    a = _matrices(b, left, (batch, rows, summed), sides)
    c = _matrices(b, right, (batch, summed, columns), sides)
    made = b.matmul(a, c)
    letters = "".join([*batch, *rows, *columns])
    return _Term(b.reshape(made, [sides[letter] for letter in letters]), letters)


def _matrices(
    b: Builder, term: _Term, groups: tuple[list[str], list[str], list[str]], sides: dict[str, int]
) -> Value:
    """Return a term as ``(batch, rows, columns)``, an axis for each group of letters."""
    order = [term.letters.index(letter) for group in groups for letter in group]
    shape = [reduce(int.__mul__, (sides[letter] for letter in group), 1) for group in groups]
    return b.reshape(b.transpose(term.value, order), shape)
