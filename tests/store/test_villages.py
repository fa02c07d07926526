"""Contracts, incomes and deliberations in the truth, on both databases."""

import pytest
from world import LOWER_LEFT, NOW

from gridmap.cases import deliberations as meeting_rules
from gridmap.cases.actors import Actor
from gridmap.cases.contracts import CONTRACT
from gridmap.cases.contracts import Act as ContractAct
from gridmap.cases.deliberations import Act, Order
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order as Wanted
from gridmap.errors import ConflictError, NotFoundError, StaleError
from gridmap.model import UserRole
from gridmap.store.town import deliberations
from gridmap.store.town.contracts import CONTRACTS, add_incomes, read_incomes

VILLAGE = LOWER_LEFT // 1000
CLERK = Actor(5, UserRole.CLERK, areas=(VILLAGE,))
LISTED = {
    "village": VILLAGE,
    "kind": "pond",
    "title": "3号",
    "area_written": 12.5,
    "price_before": 80.0,
}
MEETING = Order(Act.MEET, roles={"village_cadre": 3}, proposals=("甲",), resume_at=NOW + 9)


def listed(**more):
    order = Wanted(ContractAct.LIST, **LISTED | more)
    return engine.begin(CONTRACT, CLERK, order, now=NOW)


def test_a_contract_is_taken_once_and_its_record_only_grows(town):
    first = listed()
    with town.write() as connection:
        number, _ = CONTRACTS.create(connection, first, client_id="a")
        assert CONTRACTS.create(connection, first, client_id="a") == (number, False)
        with pytest.raises(ConflictError):
            CONTRACTS.create(
                connection,
                listed(title="4号"),
                client_id="a",
            )
        stands = CONTRACTS.load(connection, number)
        order = Wanted(ContractAct.PUBLISH)
        published = engine.decide(CONTRACT, stands, CLERK, order, now=NOW + 1)
        after = CONTRACTS.append(connection, stands, published)
        assert CONTRACTS.load(connection, number) == after
    with pytest.raises(StaleError), town.write() as connection:
        CONTRACTS.append(connection, stands, published)
    with town.read() as connection:
        assert CONTRACTS.entries(connection, number) == [first, published]
        assert (
            engine.replay(CONTRACT, number, CONTRACTS.entries(connection, number)) == after
        )
        (row,) = CONTRACTS.read(connection, 410702).to_dict("records")
        assert (row["area_written"], row["state"], row["published_at"]) == (
            12.5,
            "published",
            NOW + 1,
        )
        with pytest.raises(NotFoundError):
            CONTRACTS.load(connection, 99)


def test_every_note_of_income_is_kept(town):
    rows = [
        {"village": VILLAGE, "year": 2023, "yuan": yuan, "at": NOW, "by": 5, "words": None}
        for yuan in (7, 8)
    ]
    with town.write() as connection:
        add_incomes(connection, rows)
    with town.read() as connection:
        assert read_incomes(connection, VILLAGE)["yuan"].tolist() == [7, 8]
        assert read_incomes(connection, VILLAGE + 1).empty


def test_a_deliberation_keeps_its_matters_both_ways(town):
    first = meeting_rules.begin(
        CLERK, MEETING, area=LOWER_LEFT, kind="council", title="路灯", now=NOW
    )
    with town.write() as connection:
        number = deliberations.create(connection, first, matters=(4, 4), client_id="m")
        assert deliberations.create(connection, first, client_id="m") == number
        other = meeting_rules.begin(
            CLERK, MEETING, area=LOWER_LEFT, kind="council", title="水井", now=NOW
        )
        with pytest.raises(ConflictError):
            deliberations.create(connection, other, client_id="m")
        for act, matter in ((Act.LINK, 9), (Act.UNLINK, 4)):
            stands = deliberations.load(connection, number)
            entry = meeting_rules.decide(stands, CLERK, Order(act, matter=matter), now=NOW)
            after = deliberations.append(connection, stands, entry)
    with town.read() as connection:
        assert deliberations.matters_of(connection, number) == [9]
        assert deliberations.read_deliberations(connection, matter=9)["id"].tolist() == [
            number
        ]
        assert deliberations.read_deliberations(connection, matter=4).empty
        (row,) = deliberations.read_deliberations(connection, VILLAGE).to_dict("records")
        assert (row["state"], row["decision"], row["matters"]) == ("adjourned", "", 1)
        assert (
            meeting_rules.replay(number, deliberations.entries(connection, number)) == after
        )


def test_many_at_once_go_on_behind_what_is_there(town):
    with town.write() as connection:
        one = listed()
        CONTRACTS.create_many(connection, [[one], [one]])
        assert CONTRACTS.create(connection, one) == (3, True)
        met = meeting_rules.begin(
            CLERK, MEETING, area=VILLAGE, kind="council", title="路灯", now=NOW
        )
        deliberations.create_many(connection, [([met], [1])])
        assert deliberations.create(connection, met) == 2
