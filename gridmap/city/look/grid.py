"""`grid`: one place at close range: people, trend, categories, neighbours, its latest
reports, its history.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import TIME_ZONE
from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.look.overview import Headline, Overview
from gridmap.city.look.places import Places
from gridmap.codes import ancestors, level_of, parent
from gridmap.insight import counts, indicators, outcomes, trend, workload
from gridmap.insight.selection import Selection
from gridmap.model import VILLAGE_ROLES, Level, Role, Status
from gridmap.store.look import listing
from gridmap.store.plans import plans

YEAR_DAYS = 365

_ROLE_ORDER = {role.value: place for place, role in enumerate(Role)}


class Grid:
    """Answers about one grid; all but `neighbours` and `boundary` take places of any level."""

    def __init__(self, desk: Desk, *, places: Places, overview: Overview) -> None:
        self._desk = desk
        self._places = places
        self._overview = overview

    def person(self, code: int, *, lang: Lang = "zh") -> pd.DataFrame:
        """People responsible today for `code` and for the places it lies in, nearest first.

        worker, name, role, area, area_name, level, since (date or None). A role that every
        village has but this one lacks, and a grid without a worker, stand in it with worker
        0 and an empty name.
        """
        data = self._desk.data
        self._desk.place(data, code)
        line = ancestors(code)
        valid = self._desk.staff(data, self._desk.today).frame
        found = valid[valid["area"].isin(line)]
        columns = (
            found[name].tolist() for name in ("worker", "name", "role", "area", "starts")
        )
        rows: list[tuple[int, str, str, int, date | None]] = list(
            zip(*columns, strict=True)
        )
        held = {role for _, _, role, *_ in rows}
        if level_of(code) >= Level.VILLAGE:
            village = parent(code, Level.VILLAGE)
            rows += [
                (0, "", role.value, village, None)
                for role in VILLAGE_ROLES
                if role.value not in held
            ]
        if level_of(code) is Level.GRID and Role.GRID_WORKER.value not in held:
            rows.append((0, "", Role.GRID_WORKER.value, code, None))
        table = pd.DataFrame(rows, columns=["worker", "name", "role", "area", "since"])
        table["level"] = [int(level_of(area)) for area in table["area"]]
        table.insert(4, "area_name", self._places.names(table["area"].tolist(), lang))
        table["order"] = table["role"].map(_ROLE_ORDER)
        ordered = table.sort_values(
            ["level", "order", "worker"], ascending=[False, True, True], ignore_index=True
        )
        return ordered.drop(columns="order")

    def trend(self, code: int, selection: Selection) -> pd.DataFrame:
        """Reports per day of the period: day, count, mean_7 (mean of the day and the six
        before it).
        """
        data = self._desk.data
        lead = 6
        longer = selection.within(code).between(
            selection.start - timedelta(days=lead), selection.end
        )
        counted = counts.by_day(data.facts, self._desk.mask(data, longer))
        days = pd.date_range(selection.start, selection.end, freq="D")
        return pd.DataFrame(
            {
                "day": days,
                "count": counted[lead:],
                "mean_7": trend.moving_mean(counted)[lead:],
            }
        )

    def calendar(self, code: int, end: date, *, days: int = YEAR_DAYS) -> pd.DataFrame:
        """Reports of all kinds on each of `days` days up to `end`: day, count."""
        data = self._desk.data
        chosen = Selection(end - timedelta(days=days - 1), end, code)
        counted = counts.by_day(data.facts, self._desk.mask(data, chosen))
        return pd.DataFrame(
            {"day": pd.date_range(chosen.start, end, freq="D"), "count": counted}
        )

    def categories(
        self, code: int, selection: Selection, *, lang: Lang = "zh"
    ) -> pd.DataFrame:
        """Categories of the place against its township's: code, name, class, count, share,
        township_share (percent).
        """
        data = self._desk.data
        above = (
            parent(code, Level.TOWNSHIP)
            if level_of(code) > Level.TOWNSHIP
            else self._desk.code
        )
        own, around = (
            counts.by_category(data.facts, self._desk.mask(data, selection.within(area)))
            for area in (code, above)
        )
        table = data.categories.frame
        ids = table["id"].to_numpy(dtype=np.int64)
        mixed = pd.DataFrame(
            {
                "code": table["code"],
                "name": table[lang],
                "class": table["class"],
                "count": own[ids],
                "share": 100.0 * own[ids] / max(int(own.sum()), 1),
                "township_share": 100.0 * around[ids] / max(int(around.sum()), 1),
            }
        )
        mixed = mixed[(mixed["count"] > 0) | (mixed["township_share"] > 0)]
        return mixed.sort_values(
            ["count", "township_share"], ascending=False, kind="stable", ignore_index=True
        )

    def neighbours(
        self, code: int, selection: Selection, *, lang: Lang = "zh"
    ) -> pd.DataFrame:
        """The grid, first, and the grids around it, longest border first.

        code, name, shared_m (NaN for the grid itself), households, reports,
        per_100_households, open, on_time (percent).
        """
        data = self._desk.data
        around = self._places.neighbours(code, lang)
        own = pd.DataFrame(
            {"code": [code], "name": self._places.names([code], lang), "shared_m": [np.nan]}
        )
        table = pd.concat([own, around], ignore_index=True)
        rows = np.searchsorted(data.grids.codes, table["code"].to_numpy(dtype=np.int64))
        reports, still, met, due = self._per_grid(data, selection)
        households = data.grids.households[rows]
        table["households"] = households
        table["reports"] = reports[rows]
        table["per_100_households"] = workload.per(reports[rows], households, times=100.0)
        table["open"] = still[rows]
        table["on_time"] = trend.share(met[rows], due[rows])
        return table

    def recent(
        self, code: int, selection: Selection, *, lang: Lang = "zh", limit: int = 50
    ) -> pd.DataFrame:
        """The latest reports of a place in the selection's period, newest first.

        id, grid, category, category_name, reported_at, accepted_at, due_at, closed_at
        (times in Asia/Shanghai or NaT), status (key), channel, worker, worker_name,
        overdue, text (empty when there is none).
        """
        data = self._desk.data
        self._desk.place(data, code)
        wanted = [int(number) for number in data.categories.under(selection.categories)]
        table = listing.recent(
            self._desk.store,
            area=code,
            category=wanted,
            start=selection.start,
            end=selection.end,
            status=[int(Status[name.upper()]) for name in selection.statuses],
            limit=limit,
        )
        kinds = data.categories.frame.set_index("id")
        named = data.workers.set_index("id")["name"]
        late = (table["due_at"] > 0) & (
            (table["closed_at"] > table["due_at"])
            | ((table["closed_at"] == 0) & (table["due_at"] < self._desk.now_s))
        )
        return pd.DataFrame(
            {
                "id": table["id"],
                "grid": table["grid"],
                "category": kinds["code"].reindex(table["category"]).to_numpy(),
                "category_name": kinds[lang].reindex(table["category"]).to_numpy(),
                **{
                    name: _times(table[name])
                    for name in ("reported_at", "accepted_at", "due_at", "closed_at")
                },
                "status": [Status(int(number)).name.lower() for number in table["status"]],
                "channel": table["channel"],
                "worker": table["worker"],
                "worker_name": named.reindex(table["worker"]).fillna("").to_numpy(),
                "overdue": late
                & ~table["status"].isin([Status.REJECTED, Status.VOIDED, Status.PARKED]),
                "text": table["text"],
            }
        )

    def figures(self, code: int, selection: Selection) -> list[Headline]:
        """The headline figures of the place."""
        return self._overview.headline(selection.within(code))

    def boundary(self, code: int) -> pd.DataFrame:
        """The grid in every plan that had it, newest first: plan, name, state, valid_from,
        valid_to, area_km2, households.
        """
        return self._desk.remember(
            self._desk.data,
            ("boundary", code),
            lambda: plans.history_of(self._desk.store, code),
        )

    def _per_grid(
        self, data: Data, selection: Selection
    ) -> tuple[npt.NDArray[np.int64], ...]:
        """Reports, open, closed in time and due of every grid of the city."""
        city = selection.within(self._desk.code)
        day = self._desk.today_number

        def make() -> tuple[npt.NDArray[np.int64], ...]:
            mask, every = (
                self._desk.mask(data, city),
                self._desk.mask(data, city.any_status()),
            )
            due = indicators.due_until(data.facts, every, today=day)
            return (
                counts.by_grid(data.facts, mask),
                outcomes.open_by_grid(data.facts, every),
                np.ascontiguousarray(due[:, 3]),
                np.ascontiguousarray(due[:, 2]),
            )

        return self._desk.remember(data, ("per grid", city, day), make)


def _times(seconds: pd.Series) -> pd.Series:
    """Unix seconds as times in Asia/Shanghai; 0 as NaT."""
    known = pd.to_datetime(seconds.where(seconds > 0), unit="s", utc=True)
    return known.dt.tz_convert(TIME_ZONE)
