from kiosk.growth import Growth


def settled(**amounts: float) -> Growth:
    growth = Growth()
    for _ in range(3):
        assert growth.measure(dict(amounts)) == ""
    return growth


def test_what_stays_as_it_was_is_nothing() -> None:
    growth = settled(tensors=500, engine=40e6, page=100e6)
    assert growth.measure({"tensors": 700, "engine": 60e6, "page": 200e6}) == ""


def test_each_kind_of_growth_is_named_with_its_figures() -> None:
    growth = settled(tensors=500, engine=40e6, page=100e6)
    assert growth.measure({"tensors": 960}) == "960 tensors instead of 500"
    assert growth.measure({"page": 400e6}) == "400 MB instead of 100"
    assert growth.measure({"engine": 200e6, "tensors": 500}) == "200 MB of tensors instead of 40"


def test_networks_that_come_with_the_first_visits_are_no_growth() -> None:
    growth = Growth()
    for tensors in (100, 400, 900):
        assert growth.measure({"tensors": tensors}) == ""
    assert growth.measure({"tensors": 900}) == ""
