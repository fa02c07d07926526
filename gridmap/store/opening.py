"""Opening a city: its database migrated, and what a process that died left behind finished."""

from __future__ import annotations

from gridmap.settings import Settings
from gridmap.store.base import engine, migrate, postgis
from gridmap.store.base.store import Store
from gridmap.store.intake.imports import complete_unfinished
from gridmap.store.intake.staging import only_import
from gridmap.store.look import columns


def open_store(settings: Settings) -> Store:
    """Open the city of `settings`, creating and migrating its database as needed; close it,
    or use it in a `with` block.

    Unfinished imports of a process that is no longer there are completed or discarded.
    Raises SetupError when the database cannot be used.
    """
    home = settings.home.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    store = Store(engine.connect(settings.url), home)
    try:
        migrate.to_head(store.engine, home)
        postgis.make_views(store.engine)
        recover(store)
    except BaseException:
        store.close()
        raise
    return store


def recover(store: Store) -> None:
    """Complete or discard unfinished imports of dead processes, and bring the columns up to
    the truth.

    Nothing happens while another process imports.
    """
    with only_import(store, demand=False) as alone:
        if alone:
            complete_unfinished(store)
            columns.refresh(store)
