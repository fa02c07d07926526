"""The figures the city has published come out of counting rows, by the functions the pages
use, at every size.
"""

import shutil
from datetime import date

import numpy as np
import pandas as pd
import pytest
from emptied import empty

from gridmap import demo
from gridmap.city import City
from gridmap.demo import mediation, staff
from gridmap.demo.clock import CLOCK, NOW
from gridmap.insight.selection import Selection
from gridmap.model import Level, OfficeKind
from gridmap.settings import Settings, data_folder
from gridmap.store.opening import open_store
from gridmap.store.tables import dispute_lines, disputes, mediators

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


def test_the_rota_of_the_centre_has_the_platforms_and_units_of_the_report(city):
    plan = city.windows.plan(city.people.desk_of(HONGQI, OfficeKind.COUNTY))
    assert plan["platform"].nunique() == 8
    assert plan.drop_duplicates("unit")["kind"].value_counts().to_dict() == {
        "resident": 12,
        "rotating": 10,
    }


def test_the_groups_of_the_headquarters_and_their_departments(city):
    departments = city.orders.groups()["departments"]
    assert (len(departments), departments.explode().nunique()) == (11, 21)


def test_the_whole_city_has_the_disputes_and_mediators_of_the_report_by_the_page_s_own_counting(
    small_city, tmp_path
):
    """Its disputes and mediators, made without drawing the other counties' grids, in the
    place of the small city's own.
    """
    settings = Settings(home=tmp_path / "home")
    shutil.copytree(small_city.home, settings.home)
    whole = pd.read_csv(data_folder() / "divisions.csv")
    villages = np.sort(whole.loc[whole["level"] == "village", "code"].to_numpy(np.int64))
    hired = staff.recruit(
        villages * 1000 + 1, today=CLOCK.date(), rng=np.random.default_rng(1)
    )
    with open_store(settings) as store:
        empty(store, dispute_lines, disputes, mediators)
        mediation.furnish(
            store,
            hired.workers,
            hired.assignments,
            whole,
            villages,
            now=NOW,
            rng=np.random.default_rng(2),
        )
    city = City.open(settings)
    (row,) = city.mediation.success(city.code).to_dict("records")
    assert (row["entrusted"], row["mediated"]) == (1_410, 1_392)
    assert city.mediators.listed(city.code)["active"].sum() == 3_694
    city.close()
