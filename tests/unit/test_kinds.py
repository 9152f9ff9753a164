import pytest

import kinds
from card import CardError, Kind
from kinds import TASKS, InputKind, OutputKind, input_kind, output_kind
from tests.unit.cards import card, model

CLASSES = {"y": (1, 2)}


def test_a_kind_is_a_module_of_its_name() -> None:
    assert input_kind("picture").prepare.__module__ == "inputs.picture"
    assert output_kind("picture").read.__module__ == "outputs.picture"


def test_all_kinds_are_listed() -> None:
    assert set(kinds.names("inputs")) >= {"drawing", "latent", "picture"}
    assert set(kinds.names("outputs")) >= {"boxes", "classes", "picture", "points"}


@pytest.mark.parametrize("name", ["smell", "no.such", "", "../picture", "__init__"])
def test_an_unknown_kind_is_refused_with_a_list(name: str) -> None:
    with pytest.raises(CardError, match=r"there is no input kind '.*'; there are drawing, latent"):
        input_kind(name)
    with pytest.raises(CardError, match=r"there is no output kind '.*'; there are boxes, classes"):
        output_kind(name)


@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_a_pair_of_kinds(task: str) -> None:
    given, answered = TASKS[task]
    assert input_kind(given)
    assert output_kind(answered)


@pytest.mark.parametrize("name", kinds.names("inputs"))
def test_an_input_kind_has_all_of_its_protocol(name: str) -> None:
    kind = input_kind(name)
    assert all(callable(each) for each in (kind.check, kind.prepare, kind.context, kind.parse))
    assert all(option.help for option in kind.OPTIONS)


@pytest.mark.parametrize("name", kinds.names("outputs"))
def test_an_output_kind_has_all_of_its_protocol(name: str) -> None:
    kind = output_kind(name)
    assert all(callable(each) for each in (kind.check, kind.read, kind.to_json))
    assert all(option.help for option in kind.OPTIONS)


def test_no_kind_has_two_options_of_one_name_and_another_meaning() -> None:
    """A command line flag stands for the same option in all kinds."""
    modules: list[InputKind | OutputKind] = [
        *map(input_kind, kinds.names("inputs")),
        *map(output_kind, kinds.names("outputs")),
    ]
    found: dict[str, str] = {}
    for option in (option for module in modules for option in module.OPTIONS):
        assert found.setdefault(option.name, option.type) == option.type


def test_a_model_that_fits_its_kinds_passes() -> None:
    kinds.check(card((8, 8), ("a", "b"), outputs=CLASSES, output=Kind("classes", {"top": 1})))
    kinds.check(model({"x": (1, 3)}, CLASSES))


@pytest.mark.parametrize(
    ("given", "answered", "message"),
    [
        (Kind("smell", {}), None, "there is no input kind 'smell'; there are drawing, latent, pic"),
        (None, Kind("smell", {}), "there is no output kind 'smell'; there are boxes, classes"),
        (
            Kind("picture", {"colour": 1}),
            None,
            "input: picture has no option 'colour'; it has fit, crop, mean, std, channels, sizes",
        ),
        (None, Kind("classes", {"mean": 1}), "output: classes has no option 'mean'; it has top"),
        (
            Kind("picture", {"fit": "pad"}),
            None,
            "option fit: expected one of crop, stretch, letter",
        ),
        (None, Kind("classes", {"top": "all"}), "option top: expected a number, got 'all'"),
        (Kind("drawing", {}), None, r"input image: expected \(1, side, side, 1\) float32"),
        (None, Kind("points", {}), r"output y: expected \(1, 1, 2, 3\), got \(1, 2\)"),
    ],
)
def test_a_card_that_names_others_is_refused(
    given: Kind | None, answered: Kind | None, message: str
) -> None:
    wrong = model({"image": (1, 8, 8, 3)}, CLASSES, ("a", "b"), (given, answered))
    with pytest.raises(CardError, match=message):
        kinds.check(wrong)
