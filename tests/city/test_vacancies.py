"""Vacancies by role and place: villages without a role, places of four levels without a
chief in office.
"""

import flowing
import pytest
import staffed
import town as towns
from sqlalchemy import update

from gridmap.city.look.unled import VACANT_CHIEFS
from gridmap.city.look.unstaffed import VACANCIES
from gridmap.model import Level
from gridmap.store.base.store import touch
from gridmap.store.tables import users


def vacancies(city, area, level):
    posts = [figure.key for figure in (*VACANCIES, *VACANT_CHIEFS)]
    today = city.figures.today(area)
    return city.figures.table(posts, today, level, counts=True).set_index("code")


def count(city, gap):
    return city.figures.whole([gap], city.figures.today(4107))["numerator"].iloc[0]


def without_chief(city):
    return city.figures.cases("chief", city.figures.today(4107))


@pytest.fixture
def city(tmp_path):
    opened = flowing.opened(flowing.build(tmp_path))
    yield opened
    opened.close()


def test_chiefs_are_vacant_where_nobody_is_in_office_at_that_very_place(city):
    county = vacancies(city, 4107, Level.COUNTY)
    assert county.loc[staffed.COUNTY, "chief_county"] == 0
    assert county["chief_county"].sum() == len(county) - 1
    village = vacancies(city, staffed.COUNTY, Level.VILLAGE)
    assert village.loc[staffed.VILLAGE, ["chief_county", "chief_village"]].tolist() == [
        0,
        0,
    ]
    grids = len(city.places.grids(staffed.VILLAGE))
    assert village.loc[staffed.VILLAGE, "chief_grid"] == grids - 1
    assert towns.BUSY not in without_chief(city)["code"].tolist()


def test_a_chief_who_is_no_longer_active_leaves_a_vacancy(city):
    before = count(city, "chief")
    with city.store.write() as connection:
        connection.execute(
            update(users).where(users.c.id == staffed.VILLAGE_CHIEF).values(active=False)
        )
        touch(connection, "people")
    city.reload()
    found = without_chief(city)
    assert len(found) == count(city, "chief") == before + 1
    assert found.set_index("code").loc[staffed.VILLAGE, "level"] == Level.VILLAGE
    table = vacancies(city, 4107, Level.TOWNSHIP)
    assert (
        table.loc[staffed.TOWNSHIP, "chief_village"]
        == city.places.about(staffed.TOWNSHIP).villages
    )


@pytest.mark.parametrize("level", [Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE])
def test_vacant_roles_of_places_add_up_to_the_summary(city, level):
    table = vacancies(city, 4107, level)
    for role in ("police_officer", "legal_adviser", "mediator", "household_representative"):
        assert table[role].sum() == count(city, role)
    own = [f"chief_{one.name.lower()}" for one in Level if one >= level]
    assert table[own].sum().sum() == len(without_chief(city).query("level >= @level"))
