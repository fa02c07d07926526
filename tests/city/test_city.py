import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import numpy as np
import pytest
import town

from gridmap.calendar import to_epoch
from gridmap.cases.registry import KINDS
from gridmap.city import City
from gridmap.city.base.clock import RealClock, StoppedClock
from gridmap.city.look.gaps import GAPS
from gridmap.errors import SetupError
from gridmap.insight.definitions import DEFINITIONS
from gridmap.model import Level
from gridmap.settings import Settings
from gridmap.store.look import columns
from gridmap.store.look.matters import add_matter
from gridmap.store.opening import open_store
from gridmap.store.people.workers import replace_workers


@pytest.fixture
def own(tmp_path):
    """A town of one's own, to be changed."""
    return town.build(tmp_path / "own")


def _report(settings, number=1):
    with open_store(settings) as store:
        at = to_epoch(town.NOW) - 3600 * 24
        add_matter(
            store,
            client_id=f"late{number}",
            category=2,
            grid=town.SILENT,
            plan=1,
            lon=113.835,
            lat=35.335,
            reported_at=at,
        )
        columns.refresh(store)


def test_a_home_without_a_city_is_told_how_to_get_one(tmp_path):
    with pytest.raises(SetupError, match="gridmap demo"):
        City.open(Settings(home=tmp_path / "nothing"))
    assert not (tmp_path / "nothing").exists()


def test_a_city_knows_its_days_plan_and_categories(city):
    assert (city.first_day, city.last_day) == (date(2024, 3, 22), date(2024, 5, 20))
    assert city.reports == len(town.reports())
    assert city.plan.name == "first"
    assert city.plans()["id"].tolist() == [1]
    assert city.category_paths("en")["D02"] == ("Disputes", "Labour")
    assert city.as_of <= to_epoch(town.NOW)
    assert not city.demonstration


def _rooms(of, seen):
    """Everything that stands on a desk and can be reached from an object, once each."""
    for part in vars(of).values():
        if "_desk" in getattr(part, "__dict__", {}) and part not in seen:
            seen.append(part)
            _rooms(part, seen)
    return seen


def test_every_room_is_made_once_and_all_stand_on_the_same_desk(city):
    rooms = _rooms(city, [])
    kinds = [type(room) for room in rooms]
    assert len(kinds) == len(set(kinds)) > 30
    assert {id(room._desk) for room in rooms} == {id(city._desk)}


def test_the_clock_is_the_one_given_the_setting_or_real_time(town_settings, own):
    given = StoppedClock(datetime(2024, 6, 1, tzinfo=UTC))
    with_clock = City.open(own, clock=given)
    assert with_clock.today == date(2024, 6, 1)
    with_clock.close()
    with_setting = City.open(own)
    assert with_setting.today == date(2024, 5, 21)
    with_setting.close()
    real = City.open(Settings(home=own.home))
    assert isinstance(real.clock, RealClock)
    real.close()


def test_a_demonstration_starts_at_its_own_time(own):
    with open_store(own) as store:
        store.set_meta("demonstration", "1")
        store.set_meta("clock", "2024-05-21T08:46:00+08:00")
    demonstration = City.open(Settings(home=own.home))
    assert demonstration.demonstration
    assert abs((demonstration.clock.now() - town.NOW).total_seconds()) < 120
    demonstration.close()


def test_new_reports_are_seen_without_opening_again(own):
    open_city = City.open(own)
    selection = open_city.default_selection(30).within(town.SILENT)
    version = open_city.data_version
    assert open_city.heat.histogram(selection)["count"].sum() == 0
    _report(own)
    open_city.reload()
    assert open_city.data_version != version
    assert open_city.heat.histogram(selection)["count"].sum() == 1
    open_city.close()


def test_a_change_is_noticed_by_itself_after_a_moment(own, monkeypatch):
    monkeypatch.setattr("gridmap.city.base.desk.LOOK_EVERY_S", 0.0)
    open_city = City.open(own)
    version = open_city.data_version
    _report(own)
    assert open_city.data_version == version  # who asks goes on with what there is
    deadline = time.monotonic() + 20
    while open_city.data_version == version:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert open_city.reports == len(town.reports()) + 1
    open_city.close()


def test_new_staff_do_not_read_the_reports_again(own):
    open_city = City.open(own)
    before = open_city._desk.data
    people, areas = town.staff()
    with open_store(own) as store:
        replace_workers(store, people, areas[areas["worker"] != 5])
    open_city.reload()
    after = open_city._desk.data
    assert after.facts is before.facts
    assert after.version != before.version
    assert open_city.figures.whole(["without_worker"], open_city.figures.today(4107))[
        "numerator"
    ].tolist() == [2]
    open_city.close()


def test_a_city_without_reports_answers_every_room(tmp_path):
    empty = City.open(town.build(tmp_path / "empty", []))
    selection = empty.default_selection(30)
    assert (empty.as_of, empty.first_day, empty.reports) == (0, None, 0)
    assert [figure.key for figure in empty.overview.headline(selection)] == [
        "new",
        "closed",
        "open",
        "on_time",
        "silent",
    ]
    assert set(empty.overview.attention()["reason"]) <= {"vacancy", "roles"}
    for figure in empty.figures.list():
        assert len(empty.figures.values(figure.key, selection, Level.GRID).codes) == 16
    assert empty.heat.kernel(selection).reports == 0
    assert empty.heat.frames(selection, Level.COUNTY).values.sum() == 0
    assert len(empty.heat.mix(selection)) == 0
    assert len(empty.workload.table(selection, Level.TOWNSHIP)) == 4
    assert empty.workload.imbalance(selection).gini == 0
    assert len(empty.grid.recent(town.BUSY, selection)) == 0
    assert empty.figures.whole(DEFINITIONS, selection)["denominator"].sum() == 0
    assert np.isfinite(
        empty.figures.whole([gap.key for gap in GAPS], selection)["numerator"]
    ).all()
    empty.close()


def test_many_sessions_at_once_get_the_same_answers(city):
    selection = city.default_selection(20)
    alone = city.figures.values("load_per_worker", selection, Level.GRID).values.tolist()

    def ask(number):
        narrower = city.default_selection(10 + number % 5)
        city.overview.headline(narrower)
        city.workload.table(narrower, Level.TOWNSHIP)
        return city.figures.values("load_per_worker", selection, Level.GRID).values.tolist()

    with ThreadPoolExecutor(8) as sessions:
        assert all(found[:15] == alone[:15] for found in sessions.map(ask, range(40)))


def test_every_kind_of_record_has_its_room(own):
    city = City.open(own, clock=StoppedClock(town.NOW))
    named = {name: room.kind.name for name, room in city.records.items()}
    city.close()
    assert named == {name: name for name in KINDS if name != "order"}
