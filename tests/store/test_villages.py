"""Contracts, incomes and deliberations in the truth, on both databases."""

import pytest
from world import LOWER_LEFT, NOW

from gridmap.cases.actors import Actor
from gridmap.cases.contracts import CONTRACT
from gridmap.cases.contracts import Act as ContractAct
from gridmap.cases.deliberations import DELIBERATION, Act
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.errors import ConflictError, NotFoundError, StaleError
from gridmap.model import UserRole
from gridmap.store.town import deliberations
from gridmap.store.town.contracts import CONTRACTS, add_incomes, read_incomes
from gridmap.store.town.deliberations import DELIBERATIONS

VILLAGE = LOWER_LEFT // 1000
CLERK = Actor(5, UserRole.CLERK, areas=(VILLAGE,))
LISTED = {
    "village": VILLAGE,
    "kind": "pond",
    "title": "3号",
    "area_written": 12.5,
    "price_before": 80.0,
}
MEETING = {"roles": {"village_cadre": 3}, "proposals": ("甲",), "resume_at": NOW + 9}


def met(area, title):
    order = Order(Act.MEET, area=area, kind="council", title=title, **MEETING)
    return engine.begin(DELIBERATION, CLERK, order, now=NOW)


def listed(**more):
    order = Order(ContractAct.LIST, **LISTED | more)
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
        order = Order(ContractAct.PUBLISH)
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
    first = met(LOWER_LEFT, "路灯")
    with town.write() as connection:
        number, _ = DELIBERATIONS.create(connection, first, client_id="m")
        deliberations.link(connection, number, (4, 4))
        again = DELIBERATIONS.create(connection, first, client_id="m")
        assert again == (number, False)
        other = met(LOWER_LEFT, "水井")
        with pytest.raises(ConflictError):
            DELIBERATIONS.create(connection, other, client_id="m")
        for act, matter in ((Act.LINK, 9), (Act.UNLINK, 4)):
            stands = DELIBERATIONS.load(connection, number)
            order = Order(act, matter=matter)
            entry = engine.decide(DELIBERATION, stands, CLERK, order, now=NOW)
            after = DELIBERATIONS.append(connection, stands, entry)
        deliberations.link(connection, number, [9])
        deliberations.unlink(connection, number, 4)
    with town.read() as connection:
        assert deliberations.matters_of(connection, number) == [9]
        assert deliberations.read_deliberations(connection, matter=9)["id"].tolist() == [
            number
        ]
        assert deliberations.read_deliberations(connection, matter=4).empty
        (row,) = deliberations.read_deliberations(connection, VILLAGE).to_dict("records")
        assert (row["state"], row["decision"], row["matters"]) == ("adjourned", "", 1)
        entries = DELIBERATIONS.entries(connection, number)
        assert engine.replay(DELIBERATION, number, entries) == after


def test_many_at_once_go_on_behind_what_is_there(town):
    with town.write() as connection:
        one = listed()
        CONTRACTS.create_many(connection, [[one], [one]])
        assert CONTRACTS.create(connection, one) == (3, True)
        first = met(VILLAGE, "路灯")
        deliberations.create_many(connection, [([first], [1])])
        assert DELIBERATIONS.create(connection, first) == (2, True)
