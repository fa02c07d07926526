"""How long 8.6 million reports take from a CSV file into the city, stage by stage, and in
how much memory.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import psutil

from gridmap import demo
from gridmap.calendar import to_epoch
from gridmap.demo.build import write_reports_csv
from gridmap.demo.clock import CLOCK
from gridmap.settings import Settings
from gridmap.sources.reports import read_reports
from gridmap.store import Store
from gridmap.store.intake.imports import import_reports
from gridmap.store.look import columns
from gridmap.store.look.facts import load
from gridmap.store.opening import open_store
from gridmap.store.plans import plans

REPORTS = int(os.environ.get("GRIDMAP_BENCH_REPORTS", "8600000"))
LIMIT_S, LIMIT_GIB = 120.0, 2.0
SEED = 4107


@dataclass(slots=True)
class Watch:
    """Wall and processor time at the beginning of each stage, and the largest memory of the
    process meanwhile.
    """

    began: dict[str, tuple[float, float]] = field(default_factory=dict)
    peak: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Note when `stage` began."""
        del done, total
        self.began.setdefault(stage, (time.perf_counter(), time.process_time()))

    def look(self) -> None:
        """Follow the memory of this process until told to stop."""
        process = psutil.Process()
        while not self.over.wait(0.05):
            self.peak = max(self.peak, process.memory_info().rss)

    def rows(self) -> list[tuple[str, float, float]]:
        """Stage, wall seconds, processor seconds."""
        marks = [*self.began.items(), ("end", (time.perf_counter(), time.process_time()))]
        return [
            (stage, after[0] - wall, after[1] - cpu)
            for (stage, (wall, cpu)), (_, after) in pairwise(marks)
        ]


def main() -> None:
    """Build the city, write the file, import it, and print the table."""
    with tempfile.TemporaryDirectory(
        prefix="gridmap-imports-", ignore_cleanup_errors=True
    ) as folder:
        given = os.environ.get("GRIDMAP_BENCH_CSV")
        path = Path(given) if given else Path(folder) / "reports.csv"
        settings = Settings(home=Path(folder) / "home")
        # In a process of its own: what building a city takes is not what importing takes.
        builder = multiprocessing.get_context("spawn").Process(
            target=_build, args=(settings.home, path)
        )
        builder.start()
        builder.join()
        if builder.exitcode:
            raise RuntimeError("The city could not be built.")
        _import(settings, path)
        shutil.rmtree(folder, ignore_errors=True)


def _build(home: Path, path: Path) -> None:
    demo.build(Settings(home=home), reports=1, seed=SEED)
    if not path.exists():
        write_reports_csv(path, reports=REPORTS, seed=SEED)


def _import(settings: Settings, path: Path) -> None:
    print(
        f"### Importing {REPORTS:,} reports from a CSV file of {path.stat().st_size / 1e9:.2f} GB\n"
    )
    with open_store(settings) as store:
        watch = Watch()
        watch.progress("digest", 0, 0)
        looker = threading.Thread(target=watch.look, daemon=True)
        looker.start()
        begin = time.perf_counter()
        result = import_reports(
            store,
            read_reports([path]),
            files=[path],
            now=to_epoch(CLOCK),
            progress=watch.progress,
        )
        wall = time.perf_counter() - begin
        rows = watch.rows()
        watch.over.set()
        looker.join()
        print("| stage | wall, s | processor, s |\n|---|---:|---:|")
        for stage, wall_s, cpu_s in rows:
            print(f"| {stage} | {wall_s:.1f} | {cpu_s:.1f} |")
        print(f"| **all** | **{wall:.1f}** | **{sum(row[2] for row in rows):.1f}** |\n")
        print(
            f"Accepted {result.accepted:,} of {result.rows:,}; refused {result.rejected or 'none'}."
        )
        peak_gib = watch.peak / 2**30
        size_gb = sum(file.stat().st_size for file in settings.home.glob("city.db*")) / 1e9
        columns_gb = (
            sum(file.stat().st_size for file in columns.folder(store).glob("*.parquet"))
            / 1e9
        )
        print(
            f"Peak memory {peak_gib:.2f} GiB; database {size_gb:.2f} GB, columns "
            f"{columns_gb:.2f} GB."
        )
        print(
            f"Targets: {LIMIT_S:.0f} s {_met(wall, LIMIT_S)}, {LIMIT_GIB:.0f} GiB "
            f"{_met(peak_gib, LIMIT_GIB)}.\n"
        )
        _again(store, path)
        _load(store)


def _again(store: Store, path: Path) -> None:
    begin = time.perf_counter()
    result = import_reports(store, read_reports([path]), files=[path], now=to_epoch(CLOCK))
    print(
        f"The same file again: {time.perf_counter() - begin:.1f} s, already imported: "
        f"{result.already}."
    )


def _load(store: Store) -> None:
    codes = plans.grid_codes(store)
    load(store, grid_codes=codes)
    begin = time.perf_counter()
    facts = load(store, grid_codes=codes)
    print(
        f"Facts of {len(facts):,} reports: loaded in {time.perf_counter() - begin:.2f} s, "
        f"{facts.nbytes / 2**20:.0f} MiB."
    )


def _met(value: float, limit: float) -> str:
    return "reached" if value <= limit else "MISSED"
