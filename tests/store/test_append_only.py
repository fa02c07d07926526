"""Journals are only ever added to: the database refuses everything else, on SQLite and
PostgreSQL, in a home made before, after a table was copied, and in a backup.
"""

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError
from world import LOWER_LEFT, NOW

from gridmap.cases.actors import Actor
from gridmap.cases.contracts import CONTRACT
from gridmap.cases.deliberations import DELIBERATION
from gridmap.cases.disputes import DISPUTE
from gridmap.cases.interviews import INTERVIEW
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.cases.sessions import ORDER, SESSION
from gridmap.model import UserRole
from gridmap.settings import Settings
from gridmap.store.base import migrate
from gridmap.store.headquarters.interviews import INTERVIEWS
from gridmap.store.headquarters.sessions import ORDERS, SESSIONS
from gridmap.store.opening import open_store
from gridmap.store.tables import events, metadata
from gridmap.store.tables.journals import journals
from gridmap.store.town.contracts import CONTRACTS
from gridmap.store.town.deliberations import DELIBERATIONS
from gridmap.store.town.mediation import DISPUTES

VILLAGE = LOWER_LEFT // 1000
CLERK = Actor(5, UserRole.CLERK, areas=(VILLAGE,))
BEGUN = (
    (
        CONTRACTS,
        Order(
            CONTRACT.begins.act,
            village=VILLAGE,
            kind="pond",
            title="3号",
            area_written=12.5,
            price_before=80.0,
        ),
    ),
    (
        DELIBERATIONS,
        Order(
            DELIBERATION.begins.act,
            area=VILLAGE,
            kind="council",
            title="路灯",
            roles={"village_cadre": 3},
            proposals=("甲",),
            resume_at=NOW + 9,
        ),
    ),
    (
        DISPUTES,
        Order(
            DISPUTE.begins.act,
            area=VILLAGE,
            source="police",
            kind="land",
            parties=("villager", "developer"),
        ),
    ),
    (
        SESSIONS,
        Order(SESSION.begins.act, title="研判", area=VILLAGE, roles=["组长"]),
    ),
    (
        ORDERS,
        Order(
            ORDER.begins.act,
            session=1,
            area=VILLAGE,
            matter=1,
            office=1,
            task="办",
            until=NOW + 9,
        ),
    ),
    (
        INTERVIEWS,
        Order(INTERVIEW.begins.act, area=VILLAGE, office=6, words="说明"),
    ),
)
CHANGES = (
    "UPDATE {journal} SET at = 1",
    "UPDATE {journal} SET at = at",
    "DELETE FROM {journal}",
)


def fill(store):
    """Write a line into every journal."""
    with store.write() as connection:
        connection.execute(insert(events).values(matter=1, kind="reported", at=NOW))
        for records, order in BEGUN:
            first = engine.begin(records.kind, CLERK, order, now=NOW)
            records.create(connection, first)


def check_refuses(store, changes=CHANGES):
    """Every journal has lines, and keeps them as they are."""
    for journal in journals(metadata):
        with store.read() as connection:
            before = connection.execute(select(journal)).all()
        assert before, journal.name
        for change in changes:
            statement = text(change.format(journal=journal.name))
            with (
                pytest.raises(IntegrityError, match="is a journal"),
                store.write() as connection,
            ):
                connection.execute(statement)
        with store.read() as connection:
            assert connection.execute(select(journal)).all() == before


def test_no_line_of_a_journal_is_changed_or_deleted(store):
    fill(store)
    check_refuses(store)


def test_no_line_is_replaced_and_no_journal_truncated(store):
    fill(store)
    if store.is_sqlite:
        check_refuses(store, ["REPLACE INTO {journal} SELECT * FROM {journal}"])
    else:
        check_refuses(store, ["TRUNCATE {journal} CASCADE"])


def test_lines_are_still_added(store):
    fill(store)
    fill(store)


def copy_tables(connection):
    """A migration that copies every journal."""
    batch = Operations(MigrationContext.configure(connection))
    for journal in journals(metadata):
        with batch.batch_alter_table(journal.name, recreate="always"):
            pass
    triggers = text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
    assert connection.scalar(triggers) == 0


def test_a_table_copied_by_a_migration_is_protected_again(tmp_path, monkeypatch):
    settings = Settings(home=tmp_path)
    with open_store(settings) as store, store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    monkeypatch.setattr(migrate, "_upgrade", copy_tables)
    with open_store(settings) as store:
        fill(store)
        check_refuses(store)


def test_a_backup_is_as_well_protected_as_the_city(tmp_path):
    settings = Settings(home=tmp_path / "home")
    with open_store(settings) as store:
        fill(store)
    (tmp_path / "backup").mkdir()
    with sqlite.connect(settings.home / "city.db") as connection:
        connection.execute(f"VACUUM INTO '{tmp_path}/backup/city.db'")
    connection.close()
    with open_store(Settings(home=tmp_path / "backup")) as store:
        check_refuses(store)
