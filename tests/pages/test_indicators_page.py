"""The page of indicators on the small city."""

import pytest
from acting import user_of
from shown import words

from gridmap.insight.definitions import DEFINITIONS
from gridmap.model import Level, UserRole
from gridmap.words import Words

PAGE = "pages/indicators.py"


@pytest.fixture
def signed_in(open_page, city):
    """Open the page as the demonstration's commander."""

    def run(lang="en", **parameters):
        commander = user_of(city, UserRole.COMMANDER)
        return open_page(PAGE, lang, acting=commander, **parameters)

    return run


def _table(app):
    return app.dataframe[0].value.set_index("key")


def test_every_indicator_stands_there_with_both_its_counts(open_page, city):
    shown = _table(open_page(PAGE, "en"))
    found = city.figures.whole(DEFINITIONS, city.default_selection()).set_index("key")
    assert list(shown.index) == list(DEFINITIONS)
    assert shown["numerator"].tolist() == found["numerator"].tolist()
    assert shown["denominator"].tolist() == found["denominator"].tolist()


def test_the_change_is_that_against_the_period_before(open_page, city):
    chosen = city.default_selection()
    now, before = (
        city.figures.whole(["on_time"], one)["value"].iloc[0]
        for one in (chosen, chosen.previous())
    )
    assert (
        f"{abs(now - before):.1f}" in _table(open_page(PAGE, "en")).loc["on_time", "change"]
    )


@pytest.mark.parametrize("key", DEFINITIONS)
def test_an_indicator_says_what_it_is(open_page, key):
    shown = words(open_page(PAGE, "en", indicator=key))
    one, say = DEFINITIONS[key], Words("en")
    from gridmap.insight.definitions import VALUES  # noqa: PLC0415

    for text in (one.numerator, one.denominator):
        assert say(text, **VALUES) in shown


def test_nobody_sees_matters_without_signing_in(open_page):
    app = open_page(PAGE, "en")
    assert len(app.dataframe) == 1
    assert "Nobody is signed in." in words(app)


@pytest.mark.parametrize("key", DEFINITIONS)
@pytest.mark.parametrize("part", ["numerator", "denominator", "difference"])
def test_an_indicator_opens_as_many_matters_as_it_counts(signed_in, city, key, part):
    app = signed_in(indicator=key, part=part, period="90")
    shown = _table(app).loc[key]
    counts = {"numerator": shown["numerator"], "denominator": shown["denominator"]}
    expected = counts.get(part, shown["denominator"] - shown["numerator"])
    if not expected:
        assert "No matter belongs here." in words(app)
        return
    rows = app.dataframe[1].value
    assert len(rows) == min(expected, 200)
    assert f"of {expected:,}" in words(app)


def test_a_row_of_the_list_opens_its_matter(signed_in):
    app = signed_in(indicator="own_level", part="numerator")
    matter = int(app.dataframe[1].value["matter"].iloc[0])
    assert matter > 0


def test_places_below_can_be_drilled_into(open_page, city):
    app = open_page(PAGE, "en", area="410702", indicator="acceptance")
    assert "Townships" in words(app)
    found = city.figures.per_place(
        "acceptance", city.default_selection().within(410702), Level.TOWNSHIP
    )
    assert found["denominator"].sum() == _table(app).loc["acceptance", "denominator"]


def test_a_place_with_nothing_to_count_says_so(open_page, city):
    grids = city.figures.per_place("whistle_apt", city.default_selection(), Level.GRID)
    empty = int(grids.loc[grids["denominator"] == 0, "code"].iloc[0])
    app = open_page(PAGE, "en", area=str(empty), indicator="whistle_apt")
    assert "Nothing to count here" in words(app)


def test_the_page_speaks_chinese(open_page):
    assert "按期结案率" in _table(open_page(PAGE, "zh"))["name"].tolist()
