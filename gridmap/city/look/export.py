"""`export`: the city's grids, reports, workload, coverage and workers as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gridmap.calendar import DAY_S, TIME_ZONE, UTC_OFFSET_S
from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.files import format_of, writing
from gridmap.city.look.figures import Figures
from gridmap.city.look.gaps import GAPS
from gridmap.city.look.places import Places
from gridmap.city.look.workload import Workload
from gridmap.codes import level_of, span
from gridmap.errors import Fault, InputError, NotFoundError
from gridmap.insight.selection import Selection
from gridmap.model import Channel, GridKind, Level, Status
from gridmap.progress import Progress, silent
from gridmap.store.look import columns, matters
from gridmap.store.plans import plans as store_plans
from gridmap.store.plans.units import read_unit_shapes

WHAT = ("grids", "reports", "workload", "coverage", "workers")
GEOGRAPHIC_FORMATS = frozenset({"geojson", "gpkg", "parquet"})
ROWS_AT_ONCE = 20_000


class Export:
    """Files of what the pages show."""

    def __init__(
        self, desk: Desk, *, places: Places, workload: Workload, figures: Figures
    ) -> None:
        self._desk = desk
        self._places = places
        self._workload = workload
        self._figures = figures

    def write(
        self,
        what: str,
        path: Path | str,
        selection: Selection,
        *,
        format: str | None = None,  # noqa: A002  (the word people use)
        level: Level | None = None,
        lang: Lang = "zh",
        progress: Progress = silent,
    ) -> Path:
        """Write one of `WHAT` for the selection and return the file's path.

        `format` is csv, xlsx, geojson, gpkg or parquet, by default told by the suffix.
        Grids, workload and coverage carry their outlines, reports their points, in the last
        three. `level` of the workload's places: by default townships, or what is inside the
        area. The file appears whole or not at all; text that a spreadsheet would run is
        disarmed, and codes are text in csv and xlsx. Raises InputError for an unknown
        table, format or folder, too many rows for a sheet, or a table without a shape in a
        map format.
        """
        makers: dict[str, Callable[[], Iterator[pd.DataFrame]]] = {
            "grids": lambda: self._grids(selection, lang),
            "reports": lambda: self._reports(selection, lang, progress),
            "workload": lambda: self._load(selection, level, lang),
            "coverage": lambda: self._gaps(selection, lang),
            "workers": lambda: iter([self._workload.workers(selection, lang=lang)]),
        }
        if what not in makers:
            raise InputError(
                Fault(
                    rule="unknown table",
                    field="what",
                    value=what,
                    cure=f"Use {', '.join(WHAT)}.",
                )
            )
        target = Path(path)
        kind = format_of(target, format)
        with writing(target, kind) as writer:
            for part in makers[what]():
                shaped = self._with_shapes(part) if kind in GEOGRAPHIC_FORMATS else part
                writer.write(shaped)
        return target

    def _grids(self, selection: Selection, lang: Lang) -> Iterator[pd.DataFrame]:
        data = self._desk.data
        place = self._desk.place(data, selection.area)
        rows = slice(place.first, place.end)
        codes = data.grids.codes[rows]
        yield pd.DataFrame(
            {
                "code": codes,
                "name": self._places.names(codes, lang),
                "path": [self._places.path(int(code), lang) for code in codes],
                "kind": np.where(
                    data.grids.exclusive[rows],
                    GridKind.EXCLUSIVE.value,
                    GridKind.BASIC.value,
                ),
                "households": data.grids.households[rows],
                "population": data.grids.population[rows],
                "area_km2": np.round(data.grids.area_km2[rows], 6),
            }
        )

    def _load(
        self, selection: Selection, level: Level | None, lang: Lang
    ) -> Iterator[pd.DataFrame]:
        wanted = max(selection.children_level, Level.TOWNSHIP) if level is None else level
        table = self._workload.table(selection, wanted, lang=lang)
        yield table.assign(start=selection.start.isoformat(), end=selection.end.isoformat())

    def _gaps(self, selection: Selection, lang: Lang) -> Iterator[pd.DataFrame]:
        found = []
        today = self._figures.today(selection.area)
        for gap in GAPS:
            table = self._figures.cases(gap.key, today, lang=lang)
            table.insert(0, "kind", gap.key)
            found.append(
                table.astype(
                    {name: object for name in table.columns if name not in {"kind", "code"}}
                )
            )
        whole = pd.concat(found, ignore_index=True)
        for name in (
            "households",
            "grids",
            "worker",
            "days_unseen",
            "observed",
            "expected",
            "ratio",
            "probability",
        ):
            whole[name] = pd.to_numeric(whole[name])
        for name in ("last_report", "last_visit"):
            whole[name] = [
                day.date().isoformat() if isinstance(day, pd.Timestamp) else ""
                for day in _stamps(whole[name])
            ]
        whole["worker_name"] = whole["worker_name"].fillna("")
        whole["visited"] = whole["visited"].map({True: "yes", False: "no"}).fillna("")
        yield whole.drop(columns="window_days")

    def _reports(
        self, selection: Selection, lang: Lang, progress: Progress
    ) -> Iterator[pd.DataFrame]:
        """The rows month by month, so that memory does not grow with the period."""
        data, store = self._desk.data, self._desk.store
        self._desk.place(data, selection.area)
        present, place = columns.manifest(store), columns.folder(store)
        parts = [
            part
            for part in present.parts
            if part.last_day >= selection.first_day and part.first_day <= selection.last_day
        ]
        total, done, empty = sum(part.rows for part in parts), 0, True
        for part in parts:
            table = columns.read_part(place, part).filter(_condition(selection, data))
            for begin in range(0, table.num_rows, ROWS_AT_ONCE):
                yield self._report_rows(data, table.slice(begin, ROWS_AT_ONCE), lang)
                empty = False
            done += part.rows
            progress("export", done, total)
        if empty:
            yield self._report_rows(data, matters.SCHEMA.empty_table(), lang)

    def _report_rows(self, data: Data, table: pa.Table, lang: Lang) -> pd.DataFrame:
        rows = table.to_pandas()
        kinds = data.categories.frame.set_index("id")
        texts = matters.texts(self._desk.store, rows["id"].tolist())
        return pd.DataFrame(
            {
                "id": rows["id"],
                "grid": rows["grid"],
                "grid_name": self._places.names(rows["grid"].tolist(), lang),
                "category": kinds["code"].reindex(rows["category"]).to_numpy(),
                "category_name": kinds[lang].reindex(rows["category"]).to_numpy(),
                **{
                    name: _times(rows[name])
                    for name in ("reported_at", "accepted_at", "due_at", "closed_at")
                },
                "status": [Status(int(number)).name.lower() for number in rows["status"]],
                "channel": [
                    Channel(int(number)).name.lower() for number in rows["channel"]
                ],
                "worker": rows["worker"],
                "lon": rows["lon"],
                "lat": rows["lat"],
                "text": [texts.get(number, "") for number in rows["id"].tolist()],
            }
        )

    def _with_shapes(self, part: pd.DataFrame) -> pd.DataFrame:
        """`part` with points where it has lon and lat, otherwise with the outlines of its
        places; as it is without either.
        """
        if "lon" in part.columns:
            return part.assign(
                geometry=shapely.points(part["lon"].to_numpy(), part["lat"].to_numpy())
            )
        if "code" not in part.columns:
            return part
        shapes: dict[int, shapely.Geometry] = {}
        for level in sorted({level_of(int(code)) for code in part["code"].unique()}):
            shapes |= self._outlines(level)
        missing = [code for code in part["code"].tolist() if code not in shapes]
        if missing:
            raise NotFoundError(f"No outline is stored for {missing[0]}.")
        return part.assign(geometry=[shapes[code] for code in part["code"].tolist()])

    def _outlines(self, level: Level) -> dict[int, shapely.Geometry]:
        store, plan = self._desk.store, self._desk.data.plan.id
        table = (
            store_plans.read_grids(store, plan)
            if level is Level.GRID
            else read_unit_shapes(store, plan=plan, level=level)
        )
        return dict(zip(table["code"].tolist(), table.geometry.array, strict=True))


def _condition(selection: Selection, data: Data) -> pc.Expression:
    low, high = span(selection.area)
    first = selection.first_day * DAY_S - UTC_OFFSET_S
    last = (selection.last_day + 1) * DAY_S - UTC_OFFSET_S
    kept = (pc.field("grid") >= low) & (pc.field("grid") < high)
    kept &= (pc.field("reported_at") >= first) & (pc.field("reported_at") < last)
    if selection.categories:
        kept &= pc.field("category").isin(
            data.categories.under(selection.categories).tolist()
        )
    if selection.statuses:
        kept &= pc.field("status").isin(
            [int(Status[name.upper()]) for name in selection.statuses]
        )
    return kept


def _times(seconds: pd.Series) -> pd.Series:
    known = pd.to_datetime(seconds.where(seconds > 0), unit="s", utc=True)
    return known.dt.tz_convert(TIME_ZONE)


def _stamps(column: pd.Series) -> list[object]:
    return pd.to_datetime(column).astype(object).tolist()
