"""Flags that choose the kinds of a model, and one flag for every option that any kind declares."""

import argparse
from collections.abc import Mapping
from typing import TypeAlias

import kinds
from card import Kind
from converter.errors import SourceError
from kinds import TASKS, InputKind, OutputKind
from options import Option

Modules: TypeAlias = Mapping[str, InputKind | OutputKind]
"""Kinds by their names."""

_DEST = "option_"
"""What attributes of `argparse.Namespace` begin with that hold an option's text."""


def inputs() -> Modules:
    """Return all input kinds by name."""
    return {name: kinds.input_kind(name) for name in kinds.names("inputs")}


def outputs() -> Modules:
    """Return all output kinds by name."""
    return {name: kinds.output_kind(name) for name in kinds.names("outputs")}


def add(parser: argparse.ArgumentParser) -> None:
    """Add ``--task``, ``--input``, ``--output`` and the flags of the kinds' options."""
    tasks = ", ".join(f"{task} ({' to '.join(pair)})" for task, pair in TASKS.items())
    parser.add_argument("--task", metavar="TASK", default="", help=f"input and output: {tasks}")
    for part, found in (("input", inputs()), ("output", outputs())):
        text = f"the {part} kind, if no task fits: {', '.join(found)}"
        parser.add_argument(f"--{part}", metavar="KIND", default="", help=text)
    group = parser.add_argument_group("options of the kinds")
    for name, (option, owners) in _options().items():
        flag, dest, text = f"--{_dashed(name)}", _DEST + name, _help(option, owners)
        if option.type == "flag":
            switch = argparse.BooleanOptionalAction
            group.add_argument(flag, dest=dest, action=switch, help=text)
        else:
            metavar = "|".join(option.choices) or option.type.upper()
            group.add_argument(flag, dest=dest, metavar=metavar, help=text)


def chosen(options: argparse.Namespace) -> tuple[Kind | None, Kind | None]:
    """Return the input kind and the output kind that the flags ask for, with their options.

    Raises:
        SourceError: If there is no such task or kind, one is missing, or an option is not theirs
            or wrong.
    """
    names = _names(options)
    given = {
        name.removeprefix(_DEST): value if isinstance(value, str) else str(value).lower()
        for name, value in vars(options).items()
        if name.startswith(_DEST) and value is not None
    }
    if names is None:
        _refuse_options(given)
        return None, None
    modules = inputs()[names[0]], outputs()[names[1]]
    declared = {option.name for module in modules for option in module.OPTIONS}
    for name in given.keys() - declared:
        listed = ", ".join(f"--{_dashed(each)}" for each in sorted(declared))
        raise SourceError(f"--{_dashed(name)}: {' and '.join(names)} have {listed} alone")
    source, view = (_kind(*each, given) for each in zip(names, modules, strict=True))
    return source, view


def _names(options: argparse.Namespace) -> tuple[str, str] | None:
    """Return the names of both kinds; None if neither is asked for."""
    if options.task:
        if options.input or options.output:
            raise SourceError(
                "--task: stands for an input kind and an output kind; leave those out"
            )
        if options.task not in TASKS:
            raise _unknown("task", options.task, TASKS)
        return TASKS[options.task]
    if not options.input and not options.output:
        return None
    for part, found in (("input", inputs()), ("output", outputs())):
        name = getattr(options, part)
        if not name:
            raise SourceError(f"--{part}: is missing; there are {', '.join(found)}")
        if name not in found:
            raise _unknown(f"{part} kind", name, found)
    return options.input, options.output


def _unknown(what: str, name: str, known: Mapping[str, object]) -> SourceError:
    flag = what.partition(" ")[0]
    return SourceError(f"--{flag}: there is no {what} {name!r}; there are {', '.join(known)}")


def _refuse_options(given: Mapping[str, str]) -> None:
    for name in given:
        owners = ", ".join(_options()[name][1])
        raise SourceError(
            f"--{_dashed(name)}: is an option of {owners}; add --task, or --input and --output"
        )


def _kind(name: str, module: InputKind | OutputKind, given: Mapping[str, str]) -> Kind:
    values = {}
    for option in module.OPTIONS:
        if option.name not in given:
            continue
        try:
            values[option.name] = option.parse(given[option.name])
        except ValueError as error:
            raise SourceError(f"--{_dashed(option.name)}: {error}") from None
    return Kind(name, values)


def _options() -> dict[str, tuple[Option, list[str]]]:
    """Return every option by name, and the kinds that declare it."""
    found: dict[str, tuple[Option, list[str]]] = {}
    for modules in (inputs(), outputs()):
        for name, module in modules.items():
            for option in module.OPTIONS:
                owners = found.setdefault(option.name, (option, []))[1]
                owners.append(name)
    return found


def _help(option: Option, owners: list[str]) -> str:
    default = "" if option.default in (None, "", [], {}) else f"; default: {_shown(option)}"
    return f"{', '.join(owners)}: {option.help}{default}".replace("%", "%%")


def _shown(option: Option) -> str:
    if isinstance(option.default, list):
        return ",".join(f"{each:g}" for each in option.default)
    if isinstance(option.default, float):
        return f"{option.default:.3g}"
    return str(option.default).lower()


def _dashed(name: str) -> str:
    return name.replace("_", "-")
