"""From a report that came in to figures that count it: columns refreshed, facts followed,
against loading all anew.

GRIDMAP_HOME names a city (SQLite); a copy of it is changed and removed.
"""

from __future__ import annotations

import gc
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, insert, select, update

from gridmap.city.base import data as reading
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.look import columns
from gridmap.store.look import facts as store_facts
from gridmap.store.look.matters import add_matter
from gridmap.store.opening import open_store
from gridmap.store.tables import categories, events, matters

ROUNDS = 20
MOVED = 3
"""Older matters that are moved in each round, in months of the last quarter."""
LIMIT_S = 0.5


def main() -> None:
    """Print the table."""
    own = Settings()
    with tempfile.TemporaryDirectory(
        prefix="gridmap-follow-", dir=own.home.resolve().parent
    ) as folder:
        home = Path(folder) / "home"
        shutil.copytree(own.home, home)
        with open_store(own.model_copy(update={"home": home})) as store:
            _measure(store)


def _measure(store: Store) -> None:
    columns.refresh(store)
    state = reading.read(store)
    rows = len(state.facts)
    before_mib = _memory_mib()
    refreshed, followed = [], []
    for number in range(ROUNDS):
        _live(store, number, state)
        start = time.perf_counter()
        columns.refresh(store)
        middle = time.perf_counter()
        state = reading.read(store, state)
        assert len(state.facts) == rows + number + 1
        end = time.perf_counter()
        refreshed.append(middle - start)
        followed.append(end - middle)
    gc.collect()
    after_mib = _memory_mib()
    start = time.perf_counter()
    store_facts.load(
        store, grid_codes=state.grids.codes, plan=state.plan.id, index=state.index
    )
    anew = time.perf_counter() - start
    print(
        f"## After a live report\n\n{rows:,} reports; one new report and {MOVED} moved "
        f"matters a round, {ROUNDS} rounds.\n"
    )
    print("| | median, s | worst, s |\n|---|---:|---:|")
    for what, times in (("columns refreshed", refreshed), ("facts followed", followed)):
        print(f"| {what} | {statistics.median(times):.2f} | {max(times):.2f} |")
    print(f"| facts loaded anew | {anew:.2f} | |")
    share = statistics.median(followed)
    print(
        f"\nFollowing is {anew / share:.0f} times as fast as loading anew; wanted: "
        f"{LIMIT_S} s at most."
    )
    print(
        f"Memory of the process (its share, PSS): {before_mib:,.0f} MiB before, "
        f"{after_mib:,.0f} MiB after {ROUNDS} rounds."
    )


def _live(store: Store, number: int, state: reading.Data) -> None:
    facts = state.facts
    add_matter(
        store,
        client_id=f"follow-{number}",
        category=_leaf(store),
        grid=int(facts.grid_codes[0]),
        plan=state.plan.id,
        lon=float(facts.lon[-1]),
        lat=float(facts.lat[-1]),
        reported_at=facts.as_of,
    )
    with store.write() as connection:
        last = int(
            connection.scalar(
                select(func.max(matters.c.id)).where(matters.c.import_id.is_not(None))
            )
            or 0
        )
        for matter in range(last - number, last - number - 60_000 * MOVED, -60_000):
            connection.execute(
                update(matters)
                .where(matters.c.id == matter)
                .values(status=4, closed_at=facts.as_of)
            )
            connection.execute(
                insert(events).values(matter=matter, kind="close", at=facts.as_of)
            )


def _leaf(store: Store) -> int:
    with store.read() as connection:
        return int(connection.scalar(select(func.max(categories.c.id))) or 0)


def _memory_mib() -> float:
    """Pages shared between states count once."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
