"""Databases of earlier shapes, with data in them, for what migrations have to keep."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from world import LOWER_LEFT, NOW

from gridmap.settings import Settings
from gridmap.store import engine

ROWS = (
    (
        "INSERT INTO plans (id, name, state, valid_from, digest) VALUES (1, 'first', "
        "'in_force', '2021-01-01', 'd')"
    ),
    (
        "INSERT INTO categories (id, code, parent, zh, en, class, severity, effort, rare)"
        " VALUES (1, 'E', NULL, '事件', 'Events', 'event', 1, 1, false), (4, 'E01', 'E', "
        "'暴露垃圾', 'Rubbish', 'event', 1, 1, false)"
    ),
    (
        "INSERT INTO imports (id, kind, files, digest, started_at, state, rows, accepted)"
        f" VALUES (1, 'reports', '[]', 'x', {NOW}, 'visible', 2, 2)"
    ),
    (
        "INSERT INTO matters (id, client_id, category, grid, plan, lon, lat, reported_at, "
        "accepted_at, due_at, closed_at,"
        " status, channel, text, import_id) VALUES"
        f" (1, 'old-1', 4, {LOWER_LEFT}, 1, 113.05, 35.05, {NOW - 900}, {NOW - 800}, "
        f"{NOW + 900}, {NOW - 100}, 4, 3, '旧的', 1),"
        f" (2, 'old-2', 4, {LOWER_LEFT}, 1, 113.05, 35.05, {NOW - 700}, {NOW - 600}, "
        f"{NOW + 900}, NULL, 3, 3, NULL, 1),"
        f" (3, 'live-3', 4, {LOWER_LEFT}, 1, 113.05, 35.05, {NOW - 500}, NULL, NULL, NULL, "
        "0, 0, '直报', NULL)"
    ),
    (
        "INSERT INTO events (seq, matter, kind, at, actor, data) VALUES"
        f" (1, 1, 'imported', {NOW}, NULL, NULL), (2, 2, 'imported', {NOW}, NULL, NULL), "
        f"(3, 3, 'reported', {NOW - 500}, NULL, NULL)"
    ),
    f"INSERT INTO visits (id, grid, worker, at) VALUES (1, {LOWER_LEFT}, 7, {NOW})",
    "INSERT INTO meta (key, value) VALUES ('city', '4107')",
)
"""What the first shape knew: two imported matters and one reported here, with their journal
and a visit.
"""


@contextmanager
def shaped(settings: Settings, revision: str) -> Iterator[Connection]:
    """A new database at `settings.url` of the shape `revision` with `ROWS` in it, open for more."""
    settings.home.mkdir(parents=True)
    opened = engine.connect(settings.url)
    config = Config()
    config.set_main_option("script_location", "gridmap.store:migrations")
    with opened.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for row in ROWS:
            connection.execute(text(row))
        yield connection
    opened.dispose()
