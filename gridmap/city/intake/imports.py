"""`Imports`: grids, reports and workers from files into the city, what was refused, and how
good the data are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from gridmap.calendar import from_epoch
from gridmap.city.intake import checking, topology
from gridmap.city.intake.checking import CheckReport
from gridmap.city.intake.topology import GridImport
from gridmap.city.look import quality as judging
from gridmap.city.look.quality import Quality
from gridmap.errors import Fault, InputError
from gridmap.progress import Progress, silent
from gridmap.sources.reports import read_reports
from gridmap.sources.workers import read_workers
from gridmap.store import Store
from gridmap.store.intake import imports as store_imports
from gridmap.store.intake.imports import ImportResult
from gridmap.store.people.workers import replace_workers, unknown_areas

Paths = str | Path | Sequence[str | Path]


class Imports:
    """Imports of one city; `now` tells its time in Unix seconds."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now

    def reports(
        self,
        paths: Paths,
        *,
        crs: str = "wgs84",
        mapping: Mapping[str, str] | None = None,
        progress: Progress = silent,
    ) -> ImportResult:
        """Import files of reports (CSV, Excel, Parquet, NDJSON); what is wrong with them is
        in the result.

        For `crs` and `mapping` see `gridmap.sources.reports.read_reports`, for `progress`
        and the errors raised `gridmap.store.intake.imports.import_reports`.
        """
        files = _files(paths)
        batches = read_reports(files, crs=crs, mapping=mapping)
        way = (
            crs.lower(),
            *(f"{name}={column}" for name, column in sorted((mapping or {}).items())),
        )
        return store_imports.import_reports(
            self._store, batches, files=files, way=way, now=self._now(), progress=progress
        )

    def workers(
        self, path: str | Path, *, mapping: Mapping[str, str] | None = None
    ) -> ImportResult:
        """Make the workers and areas of a file the staff of the city, all or nothing.

        Raises InputError naming every row that cannot be used.
        """
        staff = read_workers(path, mapping=mapping)
        unknown = unknown_areas(self._store, staff.assignments["area"].tolist())
        if unknown:
            nowhere = staff.assignments[staff.assignments["area"].isin(unknown)]
            pairs = zip(nowhere["row"].tolist(), nowhere["area"].tolist(), strict=True)
            raise InputError(_nowhere(Path(path).name, row, area) for row, area in pairs)
        replace_workers(self._store, staff.workers, staff.assignments)
        rows = len(staff.workers)
        number = store_imports.record_import(
            self._store,
            kind="workers",
            files=[path],
            now=self._now(),
            rows=rows,
            accepted=rows,
        )
        return ImportResult(number, rows, rows, {}, None)

    def grids(
        self, path: str | Path, *, valid_from: date | str = "", **options: Any
    ) -> GridImport:
        """Publish the grids of a file, all or nothing; from today on unless `valid_from`
        says otherwise.

        For the options and the errors raised see `gridmap.city.intake.topology.import_grids`.
        """
        now = self._now()
        start = valid_from or from_epoch(now).date()
        return topology.import_grids(
            self._store, path, valid_from=start, now=now, **options
        )

    def check(self, path: str | Path, **options: Any) -> CheckReport:
        """Check a file of grids and change nothing; see
        `gridmap.city.intake.checking.check_file`.
        """
        return checking.check_file(self._store, path, **options)

    def history(self) -> pd.DataFrame:
        """The imports, newest first; see `gridmap.store.intake.imports.read_imports`."""
        return store_imports.read_imports(self._store)

    def rejects(self, import_id: int, *, limit: int | None = 1000) -> pd.DataFrame:
        """Refused rows of an import; see `gridmap.store.intake.imports.read_rejects`."""
        return store_imports.read_rejects(self._store, import_id, limit=limit)

    def quality(self) -> Quality:
        """How good the data are, in figures."""
        return judging.assess(self._store)


def _nowhere(file: str, row: int, area: int) -> Fault:
    rule, cure = (
        "no place of the city has this code",
        "Give the code of a division or a grid, or import the grids first.",
    )
    return Fault(rule=rule, file=file, row=row, field="area", value=str(area), cure=cure)


def _files(paths: Paths) -> list[Path]:
    return (
        [Path(paths)] if isinstance(paths, (str, Path)) else [Path(path) for path in paths]
    )
