"""The whistle ladder in a town: one matter whistled from the village to the township and
answered, one sent to and fro.
"""

from datetime import date

import flowing
import pandas as pd
import pytest
import staffed
import town

from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Order
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.insight.selection import Selection
from gridmap.model import Level
from gridmap.store.base.store import touch
from gridmap.store.tables import categories

DAY = Selection(date(2024, 5, 21), date(2024, 5, 21), 4107)


@pytest.fixture
def city(tmp_path):
    settings = flowing.build(tmp_path / "home")
    first = flowing.opened(settings)
    blown, fro = (
        first.reporting.report(
            first.people.actor(staffed.WORKER), flowing.new(client_id=one)
        ).matter
        for one in "ab"
    )
    first.close()
    opened = City.open(settings, clock=StoppedClock(town.NOW.replace(hour=9, minute=16)))
    actor = opened.people.actor

    def do(matter, who, move, **said):
        opened.matters.move(
            actor(who),
            matter,
            Order(move, **said),
            version=opened.matters.case(matter).version,
        )

    do(blown, staffed.CLERK, Act.WHISTLE, office=staffed.TOWNSHIP_DESK, reason="超出本级")
    do(fro, staffed.CLERK, Act.ACCEPT)
    for _ in range(2):
        do(fro, staffed.DISPATCHER, Act.DISPATCH, office=staffed.WORKS)
        do(fro, staffed.HANDLER, Act.RETURN, reason="不属本部门")
    opened.do, opened.blown, opened.fro = do, blown, fro
    yield opened
    opened.close()


def test_a_whistle_travels_from_its_coming_to_the_desk_until_the_answer(city):
    (row,) = city.ladder.rungs(DAY).to_dict("records")
    assert (row["lower"], row["upper"], row["whistles"], row["answered"]) == (
        "village",
        "township",
        1,
        0,
    )
    assert city.ladder.times(DAY).empty
    assert city.ladder.whistled(DAY, "village", "township")["matter"].tolist() == [
        city.blown
    ]
    for by, group in (("county", 410702), ("category", "C")):
        own = city.ladder.whistled(DAY, "village", "township", by=by, group=group)
        assert own["matter"].tolist() == [city.blown]
    assert city.ladder.whistled(DAY, "village", "township", by="county", group=410703).empty
    table = city.figures.per_place("whistles", DAY, Level.COUNTY).set_index("code")
    assert table["numerator"].to_dict() == {410702: 1, 410703: 0}


def test_groups_are_named(city):
    assert city.ladder.rungs(DAY, "county", "en")["name"].tolist() == ["Hongqi District"]
    assert city.ladder.rungs(DAY, "category", "en")["name"].tolist() == ["Components"]


def test_what_goes_to_and_fro_is_listed_with_both_desks(city):
    found = city.ladder.pingpong(DAY, "en")
    assert found["matter"].tolist() == [city.fro]
    assert found[["office_name", "other_name", "returns"]].to_numpy().tolist() == [
        ["Dongzhuang desk", "Hongqi works", 3]
    ]
    assert city.ladder.pingpong(DAY, fewest=4).empty


def test_a_hand_off_without_a_clock_is_listed(city):
    assert city.ladder.unclocked(DAY).empty
    only = pd.DataFrame(
        [("accept", "", 1.0, "working_hours")],
        columns=["step", "category", "amount", "unit"],
    )
    city.limits.save_steps(city.people.actor(staffed.ADMIN), only)
    with city.store.write() as connection:  # nor has the category a limit of its own
        connection.execute(categories.update().values(limit_amount=None, limit_unit=None))
        touch(connection)
    bare = city.reporting.report(
        city.people.actor(staffed.WORKER), flowing.new(client_id="c")
    ).matter
    city.do(bare, staffed.CLERK, Act.ACCEPT)
    city.do(bare, staffed.DISPATCHER, Act.DISPATCH, office=staffed.WORKS)
    found = city.ladder.unclocked(DAY, "en")
    assert found[["matter", "from_name", "office_name", "until"]].to_numpy().tolist() == [
        [bare, "Dongzhuang desk", "Hongqi works", 0]
    ]


def test_solved_matters_count_where_they_lay_last(city):
    city.do(city.fro, staffed.DISPATCHER, Act.DISPATCH, office=staffed.WORKS)
    city.do(city.fro, staffed.HANDLER, Act.HANDLE)
    city.do(city.fro, staffed.HANDLER, Act.ANSWER, reason="已修复")
    city.do(city.fro, staffed.VERIFIER, Act.CLOSE)
    (row,) = city.ladder.levels(DAY).to_dict("records")
    assert (row["closed"], row["county"]) == (1, 1)
    assert city.ladder.solved_at(DAY, "county")["matter"].tolist() == [city.fro]
