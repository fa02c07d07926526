"""Homes made before: one that the migrations before the first release left opens with what is
in it, one of an earlier shape is refused by name.
"""

from pathlib import Path

import pytest
from outline import outline
from pysqlite3 import dbapi2 as sqlite
from reported import new, put
from sqlalchemy import select, text
from world import LOWER_LEFT, NOW

from gridmap.cases import contracts
from gridmap.cases.actors import Actor
from gridmap.cases.contracts import CONTRACT
from gridmap.cases.deadlines import Deadlines
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.cases.records.record import Order as Wanted
from gridmap.errors import SetupError
from gridmap.model import Status, UserRole
from gridmap.settings import Settings
from gridmap.store import migrations
from gridmap.store.base import migrate
from gridmap.store.flow import cases
from gridmap.store.headquarters import sessions
from gridmap.store.headquarters.sessions import ORDERS, SESSIONS
from gridmap.store.opening import open_store
from gridmap.store.tables import imports, matters, mediators, visits
from gridmap.store.town import tasks
from gridmap.store.town.contracts import CONTRACTS
from gridmap.store.town.mediation import DISPUTES

DISPATCHER = Actor(3, UserRole.DISPATCHER, office=2, areas=(410702,))
CLERK = Actor(5, UserRole.CLERK, areas=(LOWER_LEFT // 1000,))


@pytest.fixture
def before(tmp_path):
    """The settings of a home that seven migrations made, one after the other, with data of
    several rooms in it.
    """
    home = tmp_path / "before"
    home.mkdir()
    with sqlite.connect(home / "city.db") as connection:
        connection.executescript(Path(__file__).with_name("before.sql").read_text())
    connection.close()
    return Settings(home=home)


def test_a_home_made_before_has_the_shape_of_a_new_one(before, tmp_path):
    fresh = Settings(home=tmp_path / "fresh")
    for settings in (before, fresh):
        open_store(settings).close()
    assert outline(before.home) == outline(fresh.home)


def test_nothing_that_was_there_is_lost(before):
    with open_store(before) as store, store.read() as connection:
        assert migrate.revision(connection) == migrate.HEAD
        rows = select(matters.c.client_id, matters.c.text, matters.c.status)
        assert [tuple(row) for row in connection.execute(rows.order_by(matters.c.id))] == [
            ("old-1", "旧的", 4),
            ("old-2", None, 3),
            ("live-3", "直报", 0),
            ("live-4", None, 1),
        ]
        assert [step.act for step in cases.steps(connection, 4)] == ["report", "accept"]
        assert tuple(connection.execute(select(visits.c.grid, visits.c.worker)).one()) == (
            LOWER_LEFT,
            7,
        )
        assert connection.scalar(select(imports.c.accepted)) == 2
        assert connection.scalar(select(mediators.c.name)) == "王"
        assert DISPUTES.load(connection, 1).matter == 1
        assert tasks.read_tasks(connection, 410702)["parts"].tolist() == [1]
        assert CONTRACTS.load(connection, 1).area_written == 12.5
        assert store.get_meta("city") == "4107"


def test_every_matter_of_a_home_made_before_can_be_moved(before):
    expected = {1: Act.REOPEN, 2: Act.PARK, 3: Act.ACCEPT, 4: Act.PARK}
    with open_store(before) as store:
        for matter, move in expected.items():
            with store.write() as connection:
                case = cases.load(connection, matter)
                line = engine.decide(
                    MATTER,
                    case,
                    DISPATCHER,
                    Order(move, reason="因为"),
                    now=NOW + 90,
                    context=Deadlines(),
                )
                after = cases.append(connection, case, line)
                assert after.version == case.version + 1
                assert cases.load(connection, matter) == after
        with store.read() as connection:
            numbers = {cases.named(connection, matter).number for matter in expected}
            assert numbers == {
                f"410702-E01-20240521-{serial:06d}" for serial in range(1, 5)
            }
            assert cases.load(connection, 2).parked_from is Status.HANDLING


def test_new_reports_and_entries_follow_those_of_a_home_made_before(before):
    with open_store(before) as store:
        (kept,) = put(store, new("new"))
        assert kept.case.matter == 5
        with store.write() as connection:
            stands = CONTRACTS.load(connection, 1)
            publish = Wanted(contracts.Act.PUBLISH)
            entry = engine.decide(CONTRACT, stands, CLERK, publish, now=NOW + 1)
            assert CONTRACTS.append(connection, stands, entry).state == "published"
            assert [one.act for one in CONTRACTS.entries(connection, 1)] == [
                "list",
                "publish",
            ]


def test_sessions_held_before_and_their_orders_are_records_with_all_they_had(before):
    with open_store(before) as store, store.read() as connection:
        held = SESSIONS.load(connection, 3)
        assert (held.matters, held.judgements, held.ordered) == ((4, 1), ("改判", ""), (4,))
        assert (held.roles, held.decision, held.closed_by, held.version) == (
            ("指挥长", "组长"),
            "一周后复盘",
            8,
            10,
        )
        acts = [entry.act for entry in SESSIONS.entries(connection, 3)]
        assert acts == [
            "opened",
            "picked",
            "judged",
            "assigned",
            "assigned",
            "dropped",
            "adjourned",
            "resumed",
            "judged",
            "closed",
        ]
        followed = ORDERS.entries(connection, 6)
        assert [(entry.act, entry.data.get("words", "")) for entry in followed] == [
            ("assigned", ""),
            ("answered", "已办"),
            ("asked_again", "缺照片"),
            ("answered", "已附照片"),
            ("done", ""),
        ]
        assert sessions.read_orders(connection)["group"].tolist() == [1, 0]
        assert sorted(sessions.read_lists(connection)["session"]) == [3]
        for records, number in ((SESSIONS, 3), (SESSIONS, 4), (ORDERS, 6), (ORDERS, 7)):
            stands = records.load(connection, number)
            entries = records.entries(connection, number)
            assert engine.replay(records.kind, number, entries) == stands


@pytest.mark.parametrize("shape", sorted(migrate.EARLY))
def test_a_home_of_an_earlier_shape_is_refused_by_name_and_left_alone(settings, shape):
    with open_store(settings) as store:
        store.set_meta("key", "precious")
        with store.write() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :shape"), {"shape": shape}
            )
    with pytest.raises(SetupError) as refusal:
        open_store(settings)
    for words in (str(settings.home), shape, "gridmap demo", "gridmap export"):
        assert words in str(refusal.value)
    assert not list(settings.home.glob("city.before-*"))
    with store.engine.connect() as connection:
        assert migrate.revision(connection) == shape
        assert connection.scalar(text("SELECT value FROM meta WHERE key = 'key'")) == (
            "precious"
        )
    store.engine.dispose()


def test_every_earlier_shape_is_older_than_the_first_there_is_a_migration_for():
    versions = Path(migrations.__file__).parent / "versions"
    first = min(path.name for path in versions.glob("r0*.py"))
    assert max(migrate.EARLY) < first[1:5]
