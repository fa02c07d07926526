"""The room of mediation: entrusted, proposed, mediated, returned late, handed over when a
mediator has left.
"""

from datetime import date, timedelta

import flowing
import pytest
import staffed
from town import BUSY

from gridmap.cases.disputes import Act, State
from gridmap.cases.records.record import Order
from gridmap.city.town.figures import OF_MEDIATORS
from gridmap.errors import ForbiddenError, InputError, RefusedError, StaleError
from gridmap.model import Level

DAY = 86_400
VILLAGE = staffed.VILLAGE


@pytest.fixture
def town(tmp_path):
    city = flowing.opened(flowing.build(tmp_path))
    chief = city.people.actor(staffed.COUNTY_CHIEF)
    for name, area, kinds in (
        ("王调解", VILLAGE, ("labour",)),
        ("李律师", VILLAGE // 1000, ("labour", "land")),
    ):
        city.mediators.add(
            chief, name=name, kind="full_time", area=area, specialities=kinds, capacity=3
        )
    yield city
    city.close()


def actor(city, user=staffed.CLERK):
    return city.people.actor(user)


def new(**more):
    told = {
        "area": VILLAGE,
        "source": "court",
        "kind": "labour",
        "parties": ("employer", "employee"),
        "slip": "1号",
        "return_due_at": flowing.NOW + 5 * DAY,
    }
    return Order(Act.ENTRUST, **{**told, **more})


def do(city, dispute, *orders, user=staffed.CLERK):
    for order in orders:
        stands = city.mediation.get(actor(city, user), dispute)
        stands = city.mediation.act(
            actor(city, user), dispute, order, version=stands.version
        )
    return stands


TAKEN = (Order(Act.ASSIGN, mediator=1), Order(Act.HOLD, words="谈过"))
DONE = (*TAKEN, Order(Act.AGREE, words="签协议", follow_up_at=flowing.NOW + 30 * DAY))


def test_a_dispute_goes_from_the_court_to_an_agreement(town):
    number = town.mediation.add(actor(town, staffed.HANDLER), new())
    best = town.mediation.propose(VILLAGE, "labour")[0]
    assert (best.mediator.id, best.fits, best.shared) == (1, True, VILLAGE)
    assert do(town, number, *DONE).state is State.AGREED
    (row,) = town.mediation.success(4107).to_dict("records")
    assert (row["entrusted"], row["mediated"], row["share"]) == (1, 1, 100.0)
    journal = town.mediation.history(actor(town), number)
    assert journal["act"].tolist() == ["entrust", "assign", "hold", "agree"]


def test_the_same_dispute_sent_twice_is_one(town):
    first = town.mediation.add(actor(town), new(), client_id="a")
    assert town.mediation.add(actor(town), new(), client_id="a") == first
    assert len(town.mediation.list(4107)) == 1


def test_a_slip_returned_late_is_taken_flagged_and_asked_about(tmp_path):
    from gridmap.city import City  # noqa: PLC0415
    from gridmap.city.base.clock import StoppedClock  # noqa: PLC0415

    settings = flowing.build(tmp_path)
    city = flowing.opened(settings)
    chief = actor(city, staffed.COUNTY_CHIEF)
    city.mediators.add(
        chief, name="王", kind="lawyer", area=VILLAGE, specialities=("labour",), capacity=3
    )
    number = city.mediation.add(actor(city), new())
    do(city, number, *DONE)
    city.close()
    from town import NOW  # noqa: PLC0415

    later = City.open(settings, clock=StoppedClock(NOW + timedelta(days=9)))
    assert later.mediation.list(4107, state="late")["id"].tolist() == [number]
    stands = do(later, number, Order(Act.RETURN))
    assert (stands.late, stands.explained) == (True, False)
    assert later.mediation.list(4107, state="unexplained")["id"].tolist() == [number]
    assert do(later, number, Order(Act.EXPLAIN, words="等鉴定")).explained
    assert later.mediation.list(4107, state="unexplained").empty
    later.close()


def test_disputes_of_a_mediator_who_leaves_are_listed_and_handed_over_in_one_step(town):
    numbers = [
        town.mediation.add(actor(town), new(), client_id=str(turn)) for turn in range(2)
    ]
    for number in numbers:
        do(town, number, *TAKEN)
    chief = actor(town, staffed.COUNTY_CHIEF)
    town.mediators.retire(chief, 1, town.today - timedelta(days=1))
    assert sorted(town.mediation.list(4107, state="stranded")["id"]) == numbers
    assert [one.mediator.id for one in town.mediation.propose(VILLAGE, "labour")] == [2]
    assert town.mediation.hand_over(chief, 1, "离任") == dict.fromkeys(numbers, 2)
    assert town.mediation.list(4107, state="stranded").empty
    assert town.mediation.get(chief, numbers[0]).state is State.MEDIATING


def test_a_mediator_of_the_whole_city_is_asked_after_those_of_the_place(town):
    town.mediators.add(
        actor(town, staffed.COMMANDER),
        name="赵仲裁",
        kind="arbitrator",
        area=4107,
        specialities=("labour",),
        capacity=3,
    )
    for area in (VILLAGE, BUSY):
        assert [one.mediator.id for one in town.mediation.propose(area, "labour")] == [
            1,
            2,
            3,
        ]
    assert [one.mediator.id for one in town.mediation.propose(410703, "labour")] == [3]


def test_nothing_is_handed_over_when_somebody_cannot_take_all(town):
    chief = actor(town, staffed.COUNTY_CHIEF)
    for turn in range(3):
        do(
            town,
            town.mediation.add(actor(town), new(), client_id=str(turn)),
            Order(Act.ASSIGN, mediator=1),
        )
    for turn in range(2):
        number = town.mediation.add(actor(town), new(), client_id=f"b{turn}")
        do(town, number, Order(Act.ASSIGN, mediator=2))
    with pytest.raises(InputError):
        town.mediation.hand_over(chief, 1, "离任")
    assert (town.mediation.list(4107)["mediator"] == 1).sum() == 3
    with pytest.raises(RefusedError):
        town.mediation.hand_over(chief, 1, " ")


def test_a_mediator_who_has_left_cannot_be_assigned(town):
    town.mediators.retire(actor(town, staffed.COUNTY_CHIEF), 1, date(2024, 5, 1))
    number = town.mediation.add(actor(town), new())
    with pytest.raises(InputError):
        do(town, number, Order(Act.ASSIGN, mediator=1))


def test_all_faults_of_a_new_dispute_come_together(town):
    bad = new(source="radio", kind="?", parties=("张三", "employer"), area=999999)
    with pytest.raises(InputError) as error:
        town.mediation.add(actor(town), bad)
    assert {fault.field for fault in error.value.faults} == {
        "area",
        "source",
        "kind",
        "parties",
        "slip",
    }
    with pytest.raises(InputError):
        town.mediation.add(actor(town), new(return_due_at=flowing.NOW - DAY))


def test_a_dispute_hangs_on_a_matter_of_its_class_and_place(town):
    quarrel = town.reporting.report(
        actor(town), flowing.new(flowing.QUARREL, client_id="q")
    ).matter
    cover = town.reporting.report(actor(town), flowing.new(client_id="c")).matter
    number = town.mediation.add(actor(town), new(area=BUSY, matter=quarrel))
    assert town.mediation.list(4107, matter=quarrel)["id"].tolist() == [number]
    again = town.mediation.add(
        actor(town),
        new(
            area=BUSY,
            matter=f" {town.matters.get(actor(town), quarrel).number.lower()} ",
        ),
        client_id="n",
    )
    assert sorted(town.mediation.list(4107, matter=quarrel)["id"]) == [number, again]
    for told in ({"matter": cover}, {"matter": "410702-D9999-20240101-000001"}):
        with pytest.raises(InputError) as error:
            town.mediation.add(actor(town), new(parties=(), **told))
        assert {fault.field for fault in error.value.faults} == {"matter", "parties"}


def test_strangers_are_refused_and_the_slower_one_is_told(town):
    number = town.mediation.add(actor(town), new())
    with pytest.raises(ForbiddenError):
        town.mediation.get(actor(town, staffed.PUBLIC), number)
    with pytest.raises(ForbiddenError):
        town.mediation.add(actor(town, staffed.WORKER), new())
    with pytest.raises(StaleError):
        town.mediation.act(actor(town), number, TAKEN[0], version=7)


def test_figures_per_area_are_those_of_the_rows(town):
    do(town, town.mediation.add(actor(town), new()), *DONE)
    town.mediation.add(actor(town), new(), client_id="x")
    today = town.figures.today(4107)
    counted = town.figures.per_place("mediated", today, Level.VILLAGE).set_index("code")
    assert counted.loc[VILLAGE, ["denominator", "numerator"]].tolist() == [2, 1]
    assert counted["denominator"].sum() == 2
    still = town.figures.per_place("disputes_open", today, Level.VILLAGE).set_index("code")
    assert still.loc[VILLAGE, "numerator"] == 1
    for told, total in (
        ({"kind": "labour", "source": "court"}, 2),
        ({"kind": "land"}, 0),
        ({"source": "police"}, 0),
    ):
        narrowed = town.figures.per_place("mediated", today, Level.VILLAGE, **told)
        assert narrowed["denominator"].sum() == total
    assert (
        town.mediation.success(4107, ("source", "kind")).to_dict("records")[0]["share"]
        == 50.0
    )


def loads(town, level):
    keys = [figure.key for figure in OF_MEDIATORS]
    table = town.figures.table(keys, town.figures.today(4107), level)
    return table.set_index("code").rename(columns=lambda key: key.split("_")[-1])


def test_the_load_of_mediators_is_counted_where_they_serve(town):
    for client in "xy":
        do(town, town.mediation.add(actor(town), new(), client_id=client), *TAKEN)
    chief = actor(town, staffed.COUNTY_CHIEF)
    village = loads(town, Level.VILLAGE)
    assert village.loc[
        VILLAGE, ["mediators", "open", "room", "load", "stranded"]
    ].tolist() == [1, 2, 1, 200.0, 0]
    others = village.drop(VILLAGE)
    assert others[["mediators", "open", "room", "stranded"]].to_numpy().sum() == 0
    assert others["load"].isna().all()
    township = loads(town, Level.TOWNSHIP)
    assert township.loc[
        VILLAGE // 1000, ["mediators", "open", "room", "load"]
    ].tolist() == [2, 2, 4, 100.0]
    town.mediators.retire(chief, 1, town.today - timedelta(days=1))
    township = loads(town, Level.TOWNSHIP)
    assert township.loc[
        VILLAGE // 1000, ["mediators", "open", "load", "stranded"]
    ].tolist() == [1, 0, 0.0, 2]
