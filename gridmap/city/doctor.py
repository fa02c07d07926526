"""`doctor`: what is right and wrong with this installation, and the cure for what is wrong."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

import gridmap
from gridmap.calendar import from_epoch, to_epoch, with_overrides
from gridmap.city.base.clock import Clock, RealClock
from gridmap.city.flow.watch import WATCHED
from gridmap.errors import GridmapError
from gridmap.settings import Settings, assets_folder, data_folder, site_folder
from gridmap.store import Store
from gridmap.store.base.engine import refuse_unsafe_sqlite
from gridmap.store.flow import limits as store_limits
from gridmap.store.flow import outbox as store_outbox
from gridmap.store.look import columns
from gridmap.store.look import matters as store_matters
from gridmap.store.opening import open_store
from gridmap.store.plans.plans import plan_in_force
from gridmap.store.tables import assignments, categories, grids, imports, units, workers

Level = Literal["ok", "note", "wrong"]

LIBRARIES = (
    "streamlit",
    "folium",
    "streamlit-folium",
    "geopandas",
    "shapely",
    "pyogrio",
    "pandas",
    "numpy",
    "numba",
    "pyarrow",
    "duckdb",
    "sqlalchemy",
    "alembic",
    "pysqlite3",
)
LEAST_FREE_MB = 500
FREE_MB_PER_MILLION = 700
"""What a million reports may take while they are imported: staged, in the truth, and in the
columns.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `level` ok, note (worth knowing) or wrong; `cure` says what to
    do and is empty when ok.
    """

    key: str
    level: Level
    text: str
    cure: str = ""

    def as_dict(self) -> dict[str, str]:
        """For machines."""
        return asdict(self)


LATE_CLOCKWORK_S = 600
"""Past this time without a look the clockwork is thought to be down; it leaves a trace
every minute.
"""


def examine(settings: Settings, *, clock: Clock | None = None) -> list[Finding]:
    """Look at versions, folders, disk, the browser's files, the database and its contents.

    Creates nothing and changes nothing; works without a city too.
    """
    return [
        *_versions(),
        *_sqlite(settings),
        *_folders(settings),
        *_assets(),
        *_compiled(),
        *_city(settings, clock or RealClock()),
    ]


def _versions() -> Iterator[Finding]:
    yield Finding(
        "gridmap", "ok", f"gridmap {gridmap.__version__} in {Path(gridmap.__file__).parent}"
    )
    yield Finding("python", "ok", f"Python {platform.python_version()} in {sys.prefix}")
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding(
                "library",
                "wrong",
                f"{name} is not installed.",
                "Install gridmap again: pip install .",
            )
    yield Finding("libraries", "ok", ", ".join(found))


def _sqlite(settings: Settings) -> Iterator[Finding]:
    text = f"SQLite {sqlite.sqlite_version}"
    kind = make_url(settings.url).get_backend_name()
    if kind != "sqlite":
        yield Finding("database", "ok", f"The truth is kept in {kind}; {text} is not used.")
        return
    try:
        refuse_unsafe_sqlite(tuple(sqlite.sqlite_version_info))
    except GridmapError as error:
        yield Finding("sqlite", "wrong", text, str(error))
    else:
        yield Finding("sqlite", "ok", text)


def _folders(settings: Settings) -> Iterator[Finding]:
    home = settings.home.expanduser().resolve()
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    if os.access(existing, os.W_OK):
        yield Finding("home", "ok", f"The city lives in {home}.")
    else:
        cure = "Give the folder to the user gridmap runs as, or set GRIDMAP_HOME to another one."
        yield Finding("home", "wrong", f"{existing} cannot be written to.", cure)
    free_mb = shutil.disk_usage(existing).free // 2**20
    text = f"{free_mb:,} MB are free where the city lives."
    if free_mb < LEAST_FREE_MB:
        yield Finding(
            "disk",
            "wrong",
            text,
            f"Make room: at least {LEAST_FREE_MB} MB are needed to go on.",
        )
    else:
        yield Finding("disk", "ok", text)
    for key, folder in (("pages", site_folder() / "pages"), ("data", data_folder())):
        if folder.is_dir():
            yield Finding(key, "ok", f"{folder}")
        else:
            yield Finding(
                key,
                "wrong",
                f"{folder} is missing.",
                "Install gridmap again: pip install .",
            )


def _assets() -> Iterator[Finding]:
    folder = assets_folder()
    if (folder / "manifest.json").exists():
        yield Finding("assets", "ok", f"The map libraries are in {folder}.")
    else:
        cure = "Run `make assets` in a checkout, or install gridmap from a wheel."
        yield Finding(
            "assets", "wrong", f"The map libraries are missing in {folder}.", cure
        )


def _compiled() -> Iterator[Finding]:
    folder = Path(gridmap.__file__).parent / "insight" / "__pycache__"
    if os.access(folder if folder.exists() else folder.parent, os.W_OK) or os.environ.get(
        "NUMBA_CACHE_DIR"
    ):
        yield Finding("compiled", "ok", "Compiled code is kept between starts.")
    else:
        cure = "Set NUMBA_CACHE_DIR to a folder that can be written to."
        yield Finding(
            "compiled",
            "note",
            "Compiled code may have to be made again at each start.",
            cure,
        )


def _city(settings: Settings, clock: Clock) -> Iterator[Finding]:
    try:
        if not Store.exists(settings):
            cure = "Make one with `gridmap demo`, or import grids with `gridmap import grids FILE`."
            yield Finding("city", "note", "There is no city yet.", cure)
            return
        with open_store(settings) as store:
            yield from _contents(store, clock)
    except (GridmapError, SQLAlchemyError, OSError) as error:
        cure = "Check the database address and its rights, then run doctor again."
        yield Finding("city", "wrong", f"The city cannot be opened: {error}", cure)


def _contents(store: Store, clock: Clock) -> Iterator[Finding]:
    plan = plan_in_force(store)
    yield Finding(
        "plan", "ok", f"Plan {plan.id}, {plan.name}, in force since {plan.valid_from}."
    )
    number = _counts(store, plan.id)
    yield Finding(
        "counts", "ok", ", ".join(f"{amount:,} {name}" for name, amount in number.items())
    )
    for name, cure in (
        (
            "categories",
            "Import or restore the category tree: no report can be taken without it.",
        ),
        (
            "workers",
            "Import them with `gridmap import workers FILE`: coverage is empty without.",
        ),
    ):
        if not number[name]:
            yield Finding(name, "note", f"There are no {name}.", cure)
    yield from _columns(store, number["reports"])
    yield from _imports(store)
    if not (store.home / "plans" / f"{plan.digest}.npz").exists():
        yield Finding(
            "index",
            "note",
            "The point index of the plan is missing.",
            "It is built at the next start.",
        )
    yield from _clockwork(store)
    yield from _calendar(store, clock)
    last = store.get_meta("clock") if store.get_meta("demonstration") == "1" else ""
    text = (
        f"The demonstration's clock starts at {last}."
        if last
        else f"The city's time is {clock.now():%Y-%m-%d %H:%M}."
    )
    yield Finding("clock", "ok", text)


def _clockwork(store: Store) -> Iterator[Finding]:
    looked = int(store.get_meta(WATCHED) or 0)
    if time.time() - looked > LATE_CLOCKWORK_S:
        since = (
            f"since {from_epoch(looked):%Y-%m-%d %H:%M} (real time)" if looked else "yet"
        )
        cure = (
            "Start `gridmap serve`, or `gridmap watch` beside a server of your own: "
            "limits are raised by it."
        )
        yield Finding(
            "clockwork",
            "note",
            f"The clockwork has not looked at the limits {since}.",
            cure,
        )
    else:
        yield Finding("clockwork", "ok", "The clockwork looks at the limits.")
    messages = store_outbox.counts(store)
    text = f"{messages['waiting']:,} messages wait, {messages['dead']:,} could not be delivered."
    cure = (
        "Look at the last errors on the page of the office, correct the webhook, and "
        "let them be tried again."
    )
    yield Finding(
        "outbox",
        "note" if messages["dead"] else "ok",
        text,
        cure if messages["dead"] else "",
    )


def _calendar(store: Store, clock: Clock) -> Iterator[Finding]:
    with store.read() as connection:
        own = store_limits.read_holidays(connection)
    days = with_overrides((row["day"], bool(row["working"])) for row in own)
    unsure = [
        due
        for due in store_limits.open_dues(store, after=to_epoch(clock.now()))
        if days.is_provisional(from_epoch(due).date())
    ]
    if unsure:
        text = (
            f"{len(unsure):,} open matters are due in years whose holidays are not "
            "published: their limits may move."
        )
        yield Finding(
            "calendar",
            "note",
            text,
            "Enter the holidays once published; open matters are clocked anew.",
        )
    else:
        yield Finding("calendar", "ok", "The holidays of all running limits are known.")


def _counts(store: Store, plan: int) -> dict[str, int]:
    queries: dict[str, Any] = {
        "divisions": select(func.count()).select_from(units),
        "grids": select(func.count()).select_from(grids).where(grids.c.plan == plan),
        "categories": select(func.count()).select_from(categories),
        "workers": select(func.count()).select_from(workers),
        "assignments": select(func.count()).select_from(assignments),
    }
    with store.read() as connection:
        found = {
            name: int(connection.scalar(query) or 0) for name, query in queries.items()
        }
    return found | {"reports": store_matters.count(store)}


def _columns(store: Store, reports: int) -> Iterator[Finding]:
    present = columns.manifest(store)
    missing = [
        part.file
        for part in present.parts
        if not (columns.folder(store) / part.file).exists()
    ]
    cure = "Run `gridmap rebuild`."
    if missing:
        yield Finding(
            "columns", "wrong", f"{len(missing)} files of the columns are missing.", cure
        )
    elif present.rows != reports:
        text = f"The columns hold {present.rows:,} of {reports:,} reports."
        yield Finding("columns", "wrong" if present.rows > reports else "note", text, cure)
    else:
        size_mb = (
            sum(
                (columns.folder(store) / part.file).stat().st_size for part in present.parts
            )
            / 2**20
        )
        yield Finding(
            "columns",
            "ok",
            f"The columns hold all reports, {size_mb:,.0f} MB in {len(present.parts)} months.",
        )


def _imports(store: Store) -> Iterator[Finding]:
    with store.read() as connection:
        under_way = connection.scalar(
            select(func.count())
            .select_from(imports)
            .where(imports.c.state.in_(("staged", "committing")))
        )
        tables = len(inspect(connection).get_table_names())
    if under_way:
        cure = "Wait for them; if no import runs, start one again: it completes or discards them."
        yield Finding("imports", "note", f"{under_way} imports are not finished.", cure)
    else:
        yield Finding("imports", "ok", f"No import is under way; {tables} tables.")


def worst(findings: list[Finding]) -> Level:
    """The gravest level among `findings`."""
    levels = {finding.level for finding in findings}
    return "wrong" if "wrong" in levels else "note" if "note" in levels else "ok"
