"""The room of village contracts: listed, publicised, reviewed, kept or cleared, relapsed;
what it brings the village.
"""

import flowing
import pytest
import staffed

from gridmap.cases.contracts import Act, State
from gridmap.cases.records.record import Order
from gridmap.errors import ForbiddenError, InputError, RefusedError, StaleError
from gridmap.model import Level

VILLAGE = staffed.VILLAGE
PUBLISH = (staffed.CLERK, Order(Act.PUBLISH))
REVIEW = (
    staffed.CLERK,
    Order(Act.REVIEW, words="少报面积", area_measured=30.0, irregular=True),
)
CLEAR = (staffed.VILLAGE_CHIEF, Order(Act.CLEAR, words="重签", price_after=400.0))


@pytest.fixture
def town(tmp_path):
    city = flowing.opened(flowing.build(tmp_path))
    yield city
    city.close()


def actor(city, user=staffed.CLERK):
    return city.people.actor(user)


def new(**more):
    return Order(
        Act.LIST,
        **{
            "village": VILLAGE,
            "kind": "pond",
            "title": "坑塘 3 号",
            "area_written": 20.0,
            "price_before": 50.0,
            **more,
        },
    )


def lead(city, number, *steps):
    stands = city.contracts.get(actor(city), number)
    for user, order in steps:
        stands = city.contracts.act(
            actor(city, user), number, order, version=stands.version
        )
    return stands


def test_a_contract_is_cleared_and_brings_what_the_rows_say(town):
    number = town.contracts.add(actor(town), new())
    cleared = lead(town, number, PUBLISH, REVIEW, CLEAR)
    assert (cleared.state, cleared.rent_before, cleared.rent_after) == (
        State.CLEARED,
        1_000,
        12_000,
    )
    total = town.contracts.campaign(4107)
    assert {
        name: total[name]
        for name in ("contracts", "published", "cleared", "gain", "share", "surplus_mu")
    } == {
        "contracts": 1,
        "published": 1,
        "cleared": 1,
        "gain": 11_000,
        "share": 100.0,
        "surplus_mu": 10.0,
    }
    keys = ["contracts", "contracts_cleared", "contracts_gain"]
    counted = town.figures.table(keys, town.figures.today(4107), Level.GRID)
    counted = counted.set_index("code").fillna(0)
    assert counted.loc[VILLAGE, keys].tolist() == [1, 1, 11_000]
    assert counted["contracts"].sum() == 1


def test_a_relapsed_contract_no_longer_counts_until_it_is_cleared_again(town):
    number = town.contracts.add(actor(town), new())
    lead(
        town,
        number,
        PUBLISH,
        REVIEW,
        CLEAR,
        (staffed.VERIFIER, Order(Act.RELAPSE, words="未缴费")),
    )
    total = town.contracts.campaign(VILLAGE)
    assert (total["cleared"], total["relapsed"], total["gain"], total["published"]) == (
        0,
        1,
        0,
        1,
    )
    again = lead(town, number, REVIEW, CLEAR)
    assert (again.state, again.relapses) == (State.CLEARED, 1)
    assert town.contracts.campaign(VILLAGE)["gain"] == 11_000
    acts = town.contracts.history(actor(town), number)["act"].tolist()
    assert acts == ["list", "publish", "review", "clear", "relapse", "review", "clear"]


def test_who_reviewed_does_not_decide_and_findings_bind(town):
    number = town.contracts.add(actor(town), new())
    own = (staffed.VILLAGE_CHIEF, REVIEW[1])
    with pytest.raises(RefusedError, match="reviewed"):
        lead(town, number, PUBLISH, own, CLEAR)
    with pytest.raises(RefusedError, match="irregular"):
        lead(town, number, (staffed.COUNTY_CHIEF, Order(Act.KEEP, words="规范")))
    kept = lead(
        town,
        number,
        (staffed.CLERK, Order(Act.REVIEW, words="相符", area_measured=20.0)),
        (staffed.VILLAGE_CHIEF, Order(Act.KEEP, words="规范")),
    )
    assert kept.rent_after == kept.rent_before


def test_strangers_are_refused_and_the_slower_one_is_told(town):
    with pytest.raises(ForbiddenError):
        town.contracts.add(actor(town, staffed.OTHER_CLERK), new())
    number = town.contracts.add(actor(town), new(), client_id="a")
    assert town.contracts.add(actor(town), new(), client_id="a") == number
    with pytest.raises(RefusedError):
        lead(town, number, (staffed.WORKER, PUBLISH[1]))
    lead(town, number, PUBLISH)
    with pytest.raises(StaleError):
        town.contracts.act(actor(town), number, REVIEW[1], version=1)


def test_all_faults_come_together_and_nothing_is_written(town):
    bad = new(
        village=410702, kind="?", title=" ", area_written=0.0, price_before=float("nan")
    )
    with pytest.raises(InputError) as error:
        town.contracts.add(actor(town), bad)
    assert {fault.field for fault in error.value.faults} == {
        "village",
        "kind",
        "title",
        "area_written",
        "price_before",
    }
    number = town.contracts.add(actor(town), new())
    lead(town, number, PUBLISH)
    with pytest.raises(InputError):
        lead(
            town, number, (staffed.CLERK, Order(Act.REVIEW, words="x", area_measured=-1.0))
        )
    with pytest.raises(RefusedError, match="area_measured"):
        lead(town, number, (staffed.CLERK, Order(Act.REVIEW, words="x")))
    with pytest.raises(RefusedError, match="words"):
        lead(
            town, number, (staffed.CLERK, Order(Act.REVIEW, words=" \n", area_measured=3.0))
        )
    assert town.contracts.get(actor(town), number).version == 2
    with pytest.raises(InputError) as error:
        town.contracts.note_income(actor(town), 410702, year=2031, yuan=-1)
    assert {fault.field for fault in error.value.faults} == {"village", "year", "yuan"}


def test_income_before_and_after_are_those_around_the_first_publishing(town):
    clerk = actor(town)
    for year, yuan in ((2022, 5), (2023, 400_000), (2023, 410_000)):
        town.contracts.note_income(clerk, VILLAGE, year=year, yuan=yuan)
    assert town.contracts.incomes(4107).empty
    lead(town, town.contracts.add(clerk, new()), PUBLISH)
    (row,) = town.contracts.incomes(4107).to_dict("records")
    assert (row["year_before"], row["before"]) == (2023, 410_000)
    assert row["after"] != row["after"]  # NaN: this year is not over
    assert town.contracts.growth(4107) == (0, 0, 0)
    assert town.contracts.notes(VILLAGE)["yuan"].tolist() == [5, 400_000, 410_000]
