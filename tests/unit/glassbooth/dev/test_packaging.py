from glassbooth.dev.packaging import makers_modules
from glassbooth.dev.wheel_data import SOURCE_MAP


def test_makers_get_the_commands_and_what_they_import() -> None:
    names = set(makers_modules())
    assert {f"glassbooth/commands/{name}.py" for name in ("build", "check", "inspect")} <= names
    assert {"glassbooth/cli.py", "glassbooth/__main__.py", "glassbooth/site.py"} <= names
    assert not [name for name in names if name.startswith("glassbooth/dev")]
    assert not {"glassbooth/project.py", "glassbooth/environment.py"} & names


def test_source_maps_are_cut_off() -> None:
    source = b"const a = 1; // # sourceMappingURL=kept\n//# sourceMappingURL=data:abc\n"
    assert SOURCE_MAP.sub(b"", source) == b"const a = 1; // # sourceMappingURL=kept\n"
