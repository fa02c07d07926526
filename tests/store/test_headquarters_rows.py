"""Rows of the headquarters on both databases: stays that follow journals, sessions, rules,
a unit merged.
"""

import pandas as pd
import pytest
from reported import new, put
from world import LOWER_LEFT, NOW

from gridmap.cases import stays as journal_stays
from gridmap.cases.actors import Actor
from gridmap.cases.deadlines import Deadlines
from gridmap.cases.matters import acts
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.cases.sessions import ORDER, SESSION, Act, OrderAct, given
from gridmap.errors import NotFoundError
from gridmap.insight.clearing import clearing
from gridmap.model import Channel, UserRole
from gridmap.store.flow import caserows, cases, stays
from gridmap.store.headquarters import lagging, sessions
from gridmap.store.headquarters.sessions import ORDERS, SESSIONS
from gridmap.store.people import mergers
from gridmap.store.people.people import offices_of, put_office, replace_people
from gridmap.store.tables import matters
from gridmap.store.tables import stays as stays_table

DISPATCHER = Actor(3, UserRole.DISPATCHER, office=2, areas=(410702,))
CITY = 4107
COMMANDER = Actor(1, UserRole.COMMANDER, areas=(CITY,))
UNIT = Actor(2, UserRole.HANDLER, office=6)


def move(store, matter, order):
    with store.write() as connection:
        case = cases.load(connection, matter)
        return cases.append(
            connection,
            case,
            engine.decide(
                MATTER,
                case,
                DISPATCHER,
                order,
                now=NOW + 60 * case.version,
                context=Deadlines(),
            ),
        )


@pytest.fixture
def moved(town):
    """A matter reported, accepted, dispatched to office 5, transferred to 6; its number."""
    (kept,) = put(town, new("one"))
    for order in (
        Order(acts.Act.ACCEPT),
        Order(acts.Act.DISPATCH, office=5),
        Order(acts.Act.TRANSFER, office=6, reason="转办"),
    ):
        move(town, kept.case.matter, order)
    return kept.case.matter


def test_where_a_matter_lies_follows_its_journal(town, moved):
    with town.read() as connection:
        told = [
            caserows.stay_row_of(stay)
            for stay in journal_stays.stays(moved, cases.steps(connection, moved))
        ]
        rows = connection.execute(
            stays_table.select().order_by(stays_table.c.step)
        ).mappings()
        assert [dict(row) for row in rows] == told
        assert told[-1]["office"] == 6
        found = stays.touching(connection, NOW - 86_400, NOW + 86_400, area=CITY).rename(
            columns={"office": "unit"}
        )
    table = clearing(found, NOW - 86_400, NOW + 86_400).set_index("unit")
    assert table.loc[5, ["new", "passed_on", "carried_out"]].tolist() == [1, 1, 0]
    assert table.loc[6, ["new", "carried_out"]].tolist() == [1, 1]


def test_every_question_of_the_headquarters_is_answered(town, moved):
    far = NOW + 90 * 86_400
    with town.read() as connection:
        assert stays.late_by_holder(connection, now=far, area=CITY)["late"].tolist() == [1]
        assert stays.late_grids(connection, now=far, area=410702).tolist() == [LOWER_LEFT]
        assert stays.handed(connection, 0, far, area=CITY)["office"].tolist()[-1] == 6
        assert stays.rungs(connection, 0, far, area=CITY).empty
        assert stays.solved(connection, 0, far, area=CITY).empty
        assert lagging.held(connection, now=far, area=CITY)[
            ["office", "matter", "late"]
        ].to_numpy().tolist() == [[6, moved, True]]
        assert lagging.answers(connection, 0, now=far, area=CITY).empty


def test_only_what_windows_took_in_counts_for_centres(town, moved):
    with town.write() as connection:
        connection.execute(
            matters.update()
            .where(matters.c.id == moved)
            .values(channel=int(Channel.CENTRE))
        )
    with town.read() as connection:
        (row,) = stays.taken_in(
            connection, NOW - 86_400, NOW + 86_400, area=410702
        ).to_dict("records")
        assert (row["matter"], row["units"]) == (moved, 3)
        assert row["closed_at"] == 0
        assert stays.taken_in(connection, NOW + 86_400, NOW + 2 * 86_400, area=410702).empty


def test_a_session_is_kept_with_list_orders_and_record(town, moved):
    group = {"name": "组", "name_en": "Group", "duty": ""}
    begins = Order(Act.OPEN, title="研判", area=CITY, roles=["指挥长"])
    judged = {"matter": moved, "words": "责任清楚"}
    asked = {"matter": moved, "office": 6, "group": 1, "task": "办", "until": NOW + 9}
    with town.write() as connection:
        sessions.add_groups(connection, [group | {"departments": ("乙局", "甲局")}])
        first = engine.begin(SESSION, COMMANDER, begins, now=NOW)
        number, _ = SESSIONS.create(connection, first)
        stands = SESSIONS.load(connection, number)
        for order in (
            Order(Act.PICK, matters=[moved, moved]),
            Order(Act.JUDGE, **judged),
            Order(Act.GIVE, **asked),
            Order(Act.ADJOURN, until=NOW + 5),
        ):
            named = order.get("matters")
            entry = engine.decide(SESSION, stands, COMMANDER, order, now=NOW, context=named)
            stands = SESSIONS.append(connection, stands, entry)
        first = engine.begin(
            ORDER, COMMANDER, given(stands, Order(Act.GIVE, **asked)), now=NOW
        )
        task, _ = ORDERS.create(connection, first)
        answer = Order(OrderAct.ANSWER, words="已办")
        given_order = ORDERS.load(connection, task)
        answered = engine.decide(ORDER, given_order, UNIT, answer, now=NOW + 1)
        ORDERS.append(connection, given_order, answered)
    with town.read() as connection:
        assert sessions.read_groups(connection)["departments"].tolist() == [
            ("乙局", "甲局")
        ]
        head = SESSIONS.load(connection, number)
        assert (head.roles, head.state, head.resumes_at) == (
            ("指挥长",),
            "adjourned",
            NOW + 5,
        )
        assert (head.matters, head.judgements) == ((moved,), ("责任清楚",))
        assert head == engine.replay(SESSION, number, SESSIONS.entries(connection, number))
        assert sessions.read_lists(connection)["matter"].tolist() == [moved]
        assert sessions.read_orders(connection, office=6, undone=True)[
            "answer"
        ].tolist() == ["已办"]
        acts = [entry.act for entry in SESSIONS.entries(connection, number)]
        assert acts == ["opened", "picked", "judged", "assigned", "adjourned"]
        assert sessions.read_sessions(connection)[
            ["matters", "tasks", "undone"]
        ].to_numpy().tolist() == [[1, 1, 1]]
        with pytest.raises(NotFoundError):
            SESSIONS.load(connection, number + 1)


def test_rules_are_kept(town):
    rule = {
        "measure": "late",
        "threshold": 2.0,
        "least": 1,
        "days": 7,
        "kind": "",
        "interview": True,
        "active": True,
    }
    with town.write() as connection:
        lagging.replace_rules(connection, [rule, rule | {"days": 9}])
    with town.read() as connection:
        assert lagging.read_rules(connection)["days"].tolist() == [7, 9]


def test_a_merged_unit_stays_on_record(town):
    rows = [
        (1, "department", "甲局", 410702, "甲局"),
        (2, "department", "乙局", 410702, "乙局"),
    ]
    replace_people(
        town,
        pd.DataFrame(rows, columns=["id", "kind", "name", "area", "department"]),
        pd.DataFrame(
            [("a", "甲", "handler", 410702, 1)],
            columns=["login", "name", "role", "area", "office"],
        ),
    )
    with town.write() as connection:
        first, second = offices_of(connection)
        assert mergers.move(connection, first, second)["users"] == 1
        mergers.note(
            connection, first.id, mergers.MERGED, at=NOW, by=1, data={"into": second.id}
        )
    put_office(
        town, {"kind": "department", "name": "丙局", "area": 410702, "department": "丙局"}
    )
    with town.read() as connection:
        assert [one.merged_into for one in offices_of(connection)] == [second.id, 0, 0]
        assert mergers.history(connection, first.id)["data"].tolist() == [
            {"into": second.id}
        ]
