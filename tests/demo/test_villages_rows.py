"""The demonstration's contracts and deliberations: the published figures come out of
counting rows by the page's functions.
"""

import shutil

import numpy as np
import pandas as pd
import pytest
from emptied import empty

from gridmap.cases.actors import NOBODY
from gridmap.cases.contracts import State
from gridmap.city import City
from gridmap.demo import villages
from gridmap.demo.clock import NOW
from gridmap.settings import Settings, data_folder
from gridmap.store.opening import open_store
from gridmap.store.tables import contract_entries, contracts, village_incomes

HUOJIA, KANGBEI = 410724, 410724106203


@pytest.fixture(scope="module")
def city(small_city, tmp_path_factory):
    """The small city with the villages of the whole city, made without drawing their grids."""
    settings = Settings(home=tmp_path_factory.mktemp("villages") / "home")
    shutil.copytree(small_city.home, settings.home)
    whole = pd.read_csv(data_folder() / "divisions.csv")
    here = whole[whole["level"] == "village"]
    users = pd.DataFrame(
        {"role": ["clerk", "chief"], "area": [KANGBEI, KANGBEI // 1000], "id": [1, 2]}
    )
    with open_store(settings) as store:
        empty(store, contract_entries, contracts, village_incomes)
        villages.furnish(
            store, here, users, home=410702001016, now=NOW, rng=np.random.default_rng(3)
        )
    opened = City.open(settings)
    yield opened
    opened.close()


def test_huojia_cleared_1523_contracts_for_14_62_million_yuan(city):
    total = city.contracts.campaign(HUOJIA)
    assert (total["cleared"], total["gain"]) == (1_523, 14_620_000)
    assert (city.contracts.list(HUOJIA)["state"] == "cleared").sum() == 1_523
    before, after, _ = city.contracts.growth(HUOJIA)
    assert after - before == 14_620_000


def test_kangbei_went_from_400_000_to_1_200_000_yuan(city):
    assert city.contracts.growth(KANGBEI) == (400_000, 1_200_000, 1)
    assert city.contracts.campaign(KANGBEI)["gain"] == 800_000


def test_records_tell_what_the_rows_say(city):
    table = city.contracts.list(HUOJIA, state="cleared").head(40)
    for row in table.to_dict("records"):
        assert city.contracts.get(NOBODY, row["id"]).rent_after == row["rent_after"]
        assert city.contracts.history(NOBODY, row["id"])["act"].tolist() == [
            "list",
            "publish",
            "review",
            "clear",
        ]


def test_the_small_city_has_contracts_at_every_step_and_meetings_of_every_standing(
    small_city,
):
    city = City.open(small_city)
    try:
        assert set(city.contracts.list(city.code)["state"]) == {
            str(state) for state in State
        }
        found = city.deliberations.list(city.code)
        assert set(found["standing"]) == {"open", "overdue", "notice", "due", "done"}
        about = found[found["matters"] > 0]
        assert len(about) > 0
        number = int(about["id"].iloc[0])
        matters = city.deliberations.matters(number)
        assert number in city.deliberations.of_matter(matters[0])["id"].tolist()
    finally:
        city.close()
