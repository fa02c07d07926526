import pandas as pd
import pytest

from gridmap import demo
from gridmap.demo import story
from gridmap.errors import ConflictError, InputError
from gridmap.settings import Settings
from gridmap.store.intake.imports import read_imports
from gridmap.store.look import columns
from gridmap.store.opening import open_store
from gridmap.store.people.workers import read_assignments, read_workers
from gridmap.store.plans.plans import read_grids
from gridmap.store.plans.units import read_units


@pytest.fixture(scope="module")
def store(small_city):
    with open_store(small_city) as opened:
        yield opened


def test_every_report_is_accepted_and_located(store):
    table = read_imports(store)
    done = table.set_index(table["files"].str[0])[["rows", "accepted", "refused"]]
    assert done.loc["demonstration"].tolist() == [3000, 3000, 0]
    assert done.loc["one-stop centre"].tolist() == [story.ACCEPTED, story.ACCEPTED, 0]
    assert columns.manifest(store).rows == 3000 + story.ACCEPTED


def test_grids_belong_to_the_villages_of_the_divisions(store):
    villages = set(read_units(store).query("level == 3")["code"])
    assert set(read_grids(store)["code"] // 1000) == villages


def test_the_city_says_it_is_a_demonstration_and_what_time_it_is(store):
    assert store.get_meta("demonstration") == "1"
    assert store.get_meta("clock") == "2024-05-21T08:46:00+08:00"


def test_some_grids_and_villages_lack_somebody(store):
    areas = read_assignments(store)
    valid = areas[
        areas["ends"].isna() | (pd.to_datetime(areas["ends"]) > pd.Timestamp("2024-05-21"))
    ]
    grids = read_grids(store)["code"]
    held = set(valid.loc[valid["role"] == "grid_worker", "area"])
    assert 0 < len(set(grids) - held) < len(grids) // 20
    assert set(areas["worker"]) <= set(read_workers(store)["id"])


def test_a_home_with_a_city_is_left_alone(small_city):
    with pytest.raises(ConflictError, match="a city"):
        demo.build(small_city, reports=10, seed=1)


def test_an_unknown_county_is_refused_before_anything_is_written(tmp_path):
    settings = Settings(home=tmp_path / "home")
    with pytest.raises(InputError, match="999999"):
        demo.build(settings, reports=10, seed=1, counties=[999999])
    assert not settings.home.exists()
