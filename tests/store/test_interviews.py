"""Interviews in the truth, on both databases, and those of a home made before."""

from pathlib import Path

from pysqlite3 import dbapi2 as sqlite
from world import NOW

from gridmap.cases.actors import Actor
from gridmap.cases.interviews import INTERVIEW, Act, State
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.model import UserRole
from gridmap.settings import Settings
from gridmap.store.headquarters.interviews import INTERVIEWS, open_offices
from gridmap.store.opening import open_store

CITY = 4107


def test_an_interview_is_kept_with_its_journal(town):
    lead = Actor(1, UserRole.COMMANDER, areas=(CITY,))
    ask = Order(Act.ASK, area=CITY, office=6, words="说明", reason={"value": 3})
    first = engine.begin(INTERVIEW, lead, ask, now=NOW)
    with town.write() as connection:
        number, _ = INTERVIEWS.create(connection, first)
        asked = INTERVIEWS.load(connection, number)
        assert (asked.reason, asked.due_at) == ({"value": 3}, NOW + 3 * 86_400)
        assert open_offices(connection) == {6}
        assert open_offices(connection, but=number) == set()
        close = Order(Act.CLOSE, verdict="销号")
        entry = engine.decide(INTERVIEW, asked, lead, close, now=asked.due_at)
        closed = INTERVIEWS.append(connection, asked, entry)
    with town.read() as connection:
        assert open_offices(connection) == set()
        assert INTERVIEWS.entries(connection, number) == [first, entry]
        (row,) = INTERVIEWS.read(connection, CITY).to_dict("records")
        assert INTERVIEWS.record_of(row | {"reason": '{"value": 3}'}) == closed
        assert row["reason"] == {"value": 3}


BEFORE = """
    INSERT INTO interviews (id, office, rule, reason, words, asked_at, asked_by, due_at,
        answer, answered_at, answered_by, closed_at, closed_by, verdict)
    VALUES
        (3, 99, 0, '{}', '说明', 10, 1, 20, '', 0, 0, 0, 0, ''),
        (4, 99, 2, '{"value": 3}', '说明', 10, 1, 20, '整改', 12, 7, 0, 0, ''),
        (6, 99, 2, '{"value": 4}', '说明', 10, 1, 20, '', 0, 0, 21, 1, '逾期');
"""


def test_interviews_asked_before_they_had_a_journal_have_one(tmp_path):
    with sqlite.connect(tmp_path / "city.db") as connection:
        connection.executescript(Path(__file__).with_name("before.sql").read_text())
        connection.executescript(BEFORE)
    connection.close()
    with open_store(Settings(home=tmp_path)) as store, store.read() as connection:
        stands = [INTERVIEWS.load(connection, number) for number in (3, 4, 6)]
        for interview in stands:
            journal = INTERVIEWS.entries(connection, interview.id)
            assert engine.replay(INTERVIEW, interview.id, journal) == interview
        assert [interview.state for interview in stands] == [
            State.ASKED,
            State.ANSWERED,
            State.CLOSED,
        ]
        assert (stands[1].answer, stands[1].answered_by) == ("整改", 7)
        assert (stands[2].reason, stands[2].verdict) == ({"value": 4}, "逾期")
        assert [interview.version for interview in stands] == [1, 2, 2]
