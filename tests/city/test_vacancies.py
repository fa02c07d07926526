"""Vacancies by role and place: villages without a role, places of four levels without a
chief in office.
"""

import flowing
import pytest
import staffed
import town as towns
from sqlalchemy import update

from gridmap.model import Level
from gridmap.store.base.store import touch
from gridmap.store.tables import users


@pytest.fixture
def city(tmp_path):
    opened = flowing.opened(flowing.build(tmp_path))
    yield opened
    opened.close()


def test_chiefs_are_vacant_where_nobody_is_in_office_at_that_very_place(city):
    county = city.coverage.vacancies(4107, Level.COUNTY).set_index("code")
    assert county.loc[staffed.COUNTY, "chief_county"] == 0
    assert county["chief_county"].sum() == len(county) - 1
    village = city.coverage.vacancies(staffed.COUNTY, Level.VILLAGE).set_index("code")
    assert village.loc[staffed.VILLAGE, ["chief_county", "chief_village"]].tolist() == [
        0,
        0,
    ]
    grids = len(city.places.grids(staffed.VILLAGE))
    assert village.loc[staffed.VILLAGE, "chief_grid"] == grids - 1
    assert towns.BUSY not in city.coverage.gaps("chief", 4107)["code"].tolist()


def test_a_chief_who_is_no_longer_active_leaves_a_vacancy(city):
    before = city.coverage.summary(4107).set_index("kind").loc["chief", "count"]
    with city.store.write() as connection:
        connection.execute(
            update(users).where(users.c.id == staffed.VILLAGE_CHIEF).values(active=False)
        )
        touch(connection, "people")
    city.reload()
    found = city.coverage.gaps("chief", 4107)
    assert (
        len(found)
        == city.coverage.summary(4107).set_index("kind").loc["chief", "count"]
        == before + 1
    )
    assert found.set_index("code").loc[staffed.VILLAGE, "level"] == Level.VILLAGE
    table = city.coverage.vacancies(4107, Level.TOWNSHIP).set_index("code")
    assert (
        table.loc[staffed.TOWNSHIP, "chief_village"]
        == table.loc[staffed.TOWNSHIP, "villages"]
    )


@pytest.mark.parametrize("level", [Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE])
def test_vacant_roles_of_places_add_up_to_the_summary(city, level):
    summary = city.coverage.summary(4107).set_index("kind")["count"]
    table = city.coverage.vacancies(4107, level)
    for role in ("police_officer", "legal_adviser", "mediator", "household_representative"):
        assert table[role].sum() == summary[role]
    own = [f"chief_{one.name.lower()}" for one in Level if one >= level]
    assert table[own].sum().sum() == len(
        city.coverage.gaps("chief", 4107).query("level >= @level")
    )
