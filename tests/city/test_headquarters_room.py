"""Daily clearing and what is late, in a town where three matters move."""

from datetime import timedelta

import flowing
import pytest
import staffed
import town
from flowing import NOW

from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Order
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.city.flow.matters import MatterFilter
from gridmap.errors import InputError
from gridmap.insight.clearing import PARTS
from gridmap.reports import briefing as printed
from gridmap.words import Words

LATER = town.NOW + timedelta(days=1, hours=1)


@pytest.fixture
def city(tmp_path):
    """The next morning: one matter dispatched yesterday, one taken in and still there, one
    rejected.
    """
    settings = flowing.build(tmp_path / "home")
    city = flowing.opened(settings)
    actor = city.people.actor
    sent, left, refused = (
        city.reporting.report(
            actor(staffed.WORKER), flowing.new(client_id=str(number))
        ).matter
        for number in range(3)
    )
    clerk = actor(staffed.CLERK)
    city.matters.move(clerk, sent, Order(Act.ACCEPT), version=1)
    city.matters.move(clerk, sent, Order(Act.DISPATCH, office=staffed.WORKS), version=2)
    city.matters.move(clerk, refused, Order(Act.REJECT, reason="重复"), version=1)
    city.close()
    opened = City.open(settings, clock=StoppedClock(LATER))
    opened.named = {"sent": sent, "left": left, "refused": refused}
    yield opened
    opened.close()


def test_each_unit_has_its_clearing_and_the_whole_counts_each_matter_once(city):
    table = city.headquarters.clearing(4107, town.NOW.date(), "en").set_index("unit")
    assert table.loc[staffed.VILLAGE_DESK, list(PARTS)].tolist() == [0, 3, 2, 1, 1]
    assert table.loc[staffed.WORKS, list(PARTS)].tolist() == [0, 1, 0, 0, 1]
    assert table.loc[staffed.VILLAGE_DESK, ["name", "kind", "oldest_at"]].tolist() == [
        "Dongzhuang desk",
        "village",
        NOW,
    ]
    whole = city.headquarters.days(4107, LATER.date(), 2)
    assert whole[list(PARTS)].to_numpy().tolist() == [[0, 3, 1, 0, 2], [2, 0, 0, 0, 2]]


def test_every_number_opens_its_matters(city):
    rooms, day = city.headquarters, town.NOW.date()
    table = rooms.clearing(4107, day)
    for row in table.to_dict("records"):
        for part in PARTS:
            assert len(rooms.matters(4107, day, part, [row["unit"]])) == row[part]
    assert rooms.matters(4107, day, "closed")["matter"].tolist() == [city.named["refused"]]
    assert rooms.matters(4107, day, "passed_on", [staffed.VILLAGE_DESK])[
        "matter"
    ].tolist() == [city.named["sent"]]


def test_a_place_has_its_own_matters_alone(city):
    assert city.headquarters.clearing(410703, town.NOW.date()).empty
    assert city.headquarters.days(410703, LATER.date(), 2)["carried_out"].tolist() == [0, 0]


def test_an_unknown_part_is_refused(city):
    with pytest.raises(InputError):
        city.headquarters.matters(4107, town.NOW.date(), "lost")


def test_what_is_late_stands_with_unit_responsible_person_and_telephone(city):
    found = city.headquarters.late(4107, "en").set_index("matter")
    assert len(found) == city.matters.count(MatterFilter(area=4107, overdue=True)) == 2
    sent, left = found.loc[city.named["sent"]], found.loc[city.named["left"]]
    assert (sent["unit_name"], sent["responsible"]) == ("Hongqi works", staffed.HANDLER)
    assert (left["unit"], left["responsible"], left["phone"]) == (
        staffed.VILLAGE_DESK,
        staffed.CLERK,
        f"0373-{staffed.CLERK:04d}",
    )
    units = city.headquarters.late_units(4107)
    assert dict(zip(units["unit"], units["late"], strict=True)) == {
        staffed.VILLAGE_DESK: 1,
        staffed.WORKS: 1,
    }
    for row in units.to_dict("records"):
        own = city.headquarters.late(4107, unit=(row["unit"], row["verify"]))
        assert own["unit"].tolist() == [row["unit"]] * row["late"]
        assert city.headquarters.late(4107, unit=(row["unit"], not row["verify"])).empty


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_briefing_tells_what_changed_and_is_one_page(city, lang):
    told = city.briefing.of(4107, lang)
    lines = {line.key: (line.value, line.before) for line in told.lines}
    assert lines["reported"] == (3, 0)
    assert lines["ended"] == (1, 0)
    assert lines["carried"] == (2, 0)
    assert lines["late"] == (2, -1)
    assert set(lines) == set(printed.LABELS)
    page = printed.pdf(told, Words(lang))
    assert page.startswith(b"%PDF")
    assert page.count(b"/Type /Page\n") == 1


def test_a_quiet_place_has_a_briefing_too(city):
    told = city.briefing.of(410703)
    assert told.late.empty
    assert printed.pdf(told, Words("zh")).count(b"/Type /Page\n") == 1
