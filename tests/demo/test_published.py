"""The figures the city has published come out of counting rows, by the functions the pages use, at every size."""

from datetime import date

import pytest

from gridmap import demo
from gridmap.city import City
from gridmap.insight.selection import Selection
from gridmap.model import Level
from gridmap.settings import Settings

HONGQI = 410702
QUARTER = Selection(date(2024, 1, 1), date(2024, 3, 31), HONGQI)


@pytest.fixture(scope="module", params=[3_000, 21_000])
def city(request, small_city, tmp_path_factory):
    """The small city, and one large enough to have the centre's matters among its reports."""
    settings = small_city
    if request.param != 3_000:
        settings = Settings(home=tmp_path_factory.mktemp("larger") / "home")
        demo.build(settings, reports=request.param, seed=5, counties=(HONGQI,))
    opened = City.open(settings)
    yield opened
    opened.close()


def test_the_centre_of_hongqi_accepted_and_completed_what_was_published(city):
    total = city.centres.total(QUARTER)
    assert (total["accepted"], total["completed"]) == (2_514, 2_303)
    assert total["completed"] <= total["handled"] <= total["accepted"]


@pytest.mark.parametrize("level", [Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE])
def test_districts_towns_and_villages_add_up_to_it(city, level):
    table = city.centres.figures(QUARTER, level, "en")
    assert (int(table["accepted"].sum()), int(table["completed"].sum())) == (2_514, 2_303)
    assert (table["centre"] > 0).all()


def test_every_number_opens_its_matters(city):
    total = city.centres.total(QUARTER)
    for part, count in total.items():
        assert len(city.centres.matters(QUARTER, part, limit=5_000)) == count
