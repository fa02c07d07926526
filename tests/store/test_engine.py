"""Connections: an unsafe SQLite is refused, writers queue up, readers do not wait."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from gridmap.errors import SetupError
from gridmap.store.base import engine, wal
from gridmap.store.base.store import count, put_meta


def test_an_sqlite_with_the_wal_bug_is_refused_with_the_cure():
    with pytest.raises(SetupError, match=r"3\.40\.1.*pysqlite3"):
        engine.refuse_unsafe_sqlite((3, 40, 1))


def test_the_first_safe_sqlite_is_accepted():
    engine.refuse_unsafe_sqlite((3, 51, 3))


def test_a_database_of_another_kind_is_refused():
    with pytest.raises(SetupError, match="mysql"):
        engine.connect("mysql://somewhere/city")


def test_sqlite_is_durable_and_checks_references(tmp_path):
    found = engine.connect(f"sqlite:///{tmp_path / 'a.db'}")
    with found.connect() as connection:
        pragma = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    found.dispose()
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_reader_keeps_its_moment_while_another_writes(store):
    store.set_meta("key", "before")
    with store.read() as reader:
        assert reader.scalar(text("SELECT value FROM meta WHERE key = 'key'")) == "before"
        store.set_meta("key", "after")
        assert reader.scalar(text("SELECT value FROM meta WHERE key = 'key'")) == "before"
    assert store.get_meta("key") == "after"


def test_a_failed_transaction_leaves_nothing(store):
    with pytest.raises(RuntimeError, match="stop"), store.write() as connection:
        put_meta(connection, "key", "half")
        raise RuntimeError("stop")
    assert store.get_meta("key", "nothing") == "nothing"


def test_the_log_is_moved_beside_an_open_writer_and_whole_once_nobody_reads_an_older_moment(
    store,
):
    if not store.is_sqlite:
        pytest.skip("PostgreSQL looks after its own log")
    log = store.home / "city.db-wal"
    store.set_meta("key", "x" * 200_000)
    assert log.stat().st_size > 200_000
    with store.read() as reader:
        reader.scalar(text("SELECT value FROM meta WHERE key = 'key'"))
        with store.write() as writer:
            put_meta(writer, "key", "y" * 200_000)
            assert wal.checkpoint(store) == 0
        assert wal.checkpoint(store) > 0
    assert wal.checkpoint(store) == 0
    before = log.stat().st_size
    store.set_meta("key", "z")
    assert log.stat().st_size == before
    assert store.get_meta("key") == "z"


def test_commits_leave_moving_the_log_to_the_clockwork(store):
    if not store.is_sqlite:
        pytest.skip("PostgreSQL looks after its own log")
    for number in range(20):
        store.set_meta("key", chr(ord("a") + number) * 400_000)
    with store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar()
    assert pages * 4096 > (store.home / "city.db-wal").stat().st_size > 4_000_000
    assert (store.home / "city.db").stat().st_size < 4_000_000


def test_two_who_write_a_key_that_is_new_at_once_both_get_through(store):
    begun = threading.Event()

    def second():
        begun.set()
        with store.write() as connection:
            put_meta(connection, "new", "second")
            count(connection, "counted")

    with ThreadPoolExecutor(1) as pool:
        with store.write() as connection:
            put_meta(connection, "new", "first")
            count(connection, "counted")
            waiting = pool.submit(second)
            assert begun.wait(10)
            time.sleep(0.3)  # it stands at the row by then
        waiting.result(30)
    assert (store.get_meta("new"), store.get_meta("counted")) == ("second", "2")
