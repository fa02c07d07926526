"""Migrations: the database has the shape the tables say, a newer one is refused, a copy is
made first.
"""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from outline import outline
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import text

from gridmap.errors import SetupError
from gridmap.settings import Settings
from gridmap.store.base import engine as engines
from gridmap.store.base import migrate
from gridmap.store.opening import open_store
from gridmap.store.tables import metadata


def test_the_migrations_make_the_tables_as_they_are_defined(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_the_defaults_and_partial_indexes_of_the_tables(tmp_path):
    migrated, defined = tmp_path / "migrated", tmp_path / "defined"
    open_store(Settings(home=migrated)).close()
    defined.mkdir()
    engine = engines.connect(f"sqlite:///{defined}/city.db")
    metadata.create_all(engine)
    engine.dispose()
    assert outline(migrated) == outline(defined)


def test_the_known_head_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", "gridmap.store:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_opening_again_changes_nothing(settings):
    with open_store(settings) as store:
        store.set_meta("key", "kept")
    with open_store(settings) as store, store.read() as connection:
        assert store.get_meta("key") == "kept"
        assert migrate.revision(connection) == migrate.HEAD


def test_a_database_of_a_later_program_is_refused_and_left_alone(settings):
    with open_store(settings) as store, store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="another version"):
        open_store(settings)


def test_a_copy_of_an_sqlite_file_is_made_before_it_is_migrated(tmp_path):
    settings = Settings(home=tmp_path)
    with open_store(settings) as store:
        store.set_meta("key", "precious")
        with store.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(SetupError):
        open_store(settings)
    copy = sqlite.connect(tmp_path / f"city.before-{migrate.HEAD}-from-0000.db")
    assert copy.execute("SELECT value FROM meta WHERE key = 'key'").fetchone() == (
        "precious",
    )
    copy.close()


def test_a_server_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SetupError, match="database_url"):
        open_store(
            Settings(home=tmp_path, database_url="postgresql://gridmap@127.0.0.1:1/none")
        )
