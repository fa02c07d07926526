"""After a redrawing every matter of an indicator still counts once, at every level, under
whichever plan.
"""

import shutil
from datetime import timedelta

import pytest
import shapely
from sqlalchemy import func, select

from gridmap.cases.actors import SYSTEM
from gridmap.city.base.basis import Basis
from gridmap.city.city import City
from gridmap.city.plans.edits import Edit
from gridmap.insight.definitions import DEFINITIONS
from gridmap.insight.selection import Selection
from gridmap.model import Level
from gridmap.store.tables import cases

LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE, Level.GRID)
BASES = {"in force": Basis(), "before": Basis(1), "of its time": Basis(stored=True)}


def chosen(city, area=4107):
    end = city.today - timedelta(days=1)
    return Selection(end - timedelta(days=89), end, area)


def by_grid(city, key):
    table = city.figures.per_place(key, chosen(city), Level.GRID).set_index("code")
    return table.loc[table["denominator"] > 0, ["numerator", "denominator"]].sort_index()


def busiest(city):
    """The grid with most cases."""
    count = func.count()
    with city.store.read() as connection:
        return int(
            connection.scalar(
                select(cases.c.grid)
                .group_by(cases.c.grid)
                .order_by(count.desc(), cases.c.grid)
            )
        )


@pytest.fixture(scope="module")
def redrawn(small_city, tmp_path_factory):
    """The small city with its busiest grid divided; its figures before; codes of the grid
    and of its parts.
    """
    home = tmp_path_factory.mktemp("redrawn") / "home"
    shutil.copytree(small_city.home, home)
    city = City.open(small_city.model_copy(update={"home": home}))
    before = {key: by_grid(city, key) for key in DEFINITIONS}
    grid = busiest(city)
    draft = city.drafts.make(SYSTEM, "分开")
    west, south, east, north = city.drawings.plan(draft).grid(grid).shape.bounds
    middle = shapely.LineString(
        [((west + east) / 2, south - 0.01), ((west + east) / 2, north + 0.01)]
    )
    made = city.redrawing.edit(SYSTEM, draft, Edit("split", (grid,), middle))
    city.publishing.publish(
        SYSTEM, city.review.approve(SYSTEM, city.review.submit(SYSTEM, made.draft))
    )
    yield city, before, grid, made.change.created.tolist()
    city.close()


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("key", DEFINITIONS)
def test_places_add_up_at_every_level_and_nothing_is_lost(redrawn, basis, key):
    city, before, _, _ = redrawn
    under = city.under(BASES[basis])
    told = (
        under.figures.whole(DEFINITIONS, chosen(city))
        .set_index("key")
        .loc[key, ["numerator", "denominator"]]
        .tolist()
    )
    assert told == before[key].sum().tolist()
    for level in LEVELS:
        places = under.figures.per_place(key, chosen(city), level)
        assert places[["numerator", "denominator"]].sum().tolist() == told, level


@pytest.mark.parametrize("key", DEFINITIONS)
def test_under_the_plan_before_and_by_that_of_the_time_grids_count_what_they_did(
    redrawn, key
):
    city, before, grid, parts = redrawn
    for basis in ("before", "of its time"):
        assert by_grid(city.under(BASES[basis]), key).equals(before[key])
    now = by_grid(city, key)
    assert grid not in now.index and grid in before[key].index
    assert now[now.index.isin(parts)].sum().tolist() == before[key].loc[grid].tolist()


@pytest.mark.parametrize("key", DEFINITIONS)
def test_a_grid_that_was_made_opens_the_matters_it_counts(redrawn, key):
    city, _, grid, parts = redrawn
    found = by_grid(city, key).reindex(parts, fill_value=0)
    opened = [
        set(city.indicators.ids(key, "denominator", chosen(city, part)).tolist())
        for part in parts
    ]
    assert [len(one) for one in opened] == found["denominator"].tolist()
    whole = (
        city.under(Basis(1)).indicators.ids(key, "denominator", chosen(city, grid)).tolist()
    )
    assert opened[0] | opened[1] == set(whole) and not opened[0] & opened[1]
    told = [
        city.figures.whole(DEFINITIONS, chosen(city, part))
        .set_index("key")
        .loc[key, "denominator"]
        .tolist()
        for part in parts
    ]
    assert told == found["denominator"].tolist()
    known = [city.indicators.with_journal(chosen(city, part))[0] for part in parts]
    assert sum(known) == city.under(Basis(1)).indicators.with_journal(chosen(city, grid))[0]
