"""How good the data are: located or not, late or not, suspiciously alike, without anybody's
name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import DAY_S
from gridmap.sources.reasons import REASONS, Reason
from gridmap.store import Store
from gridmap.store.flow.categories import read_categories
from gridmap.store.intake.imports import read_imports
from gridmap.store.look import columns as read_model
from gridmap.store.look.columns import Manifest, Part

LATE_DAYS = 7
"""An import is late when its newest report is older than that."""

CROWDED = 50
"""Reports on one square metre from which on the place is suspicious: a default position,
not a place.
"""

MOST_POINTS = 100
LOCATED = REASONS[REASONS.index(Reason.OUT_OF_CITY) + 1 :]
"""Reasons looked for after the place: rows refused for them lie in a grid."""

_BUCKETS = 1 << 22
_DEGREE = 1e5  # 0.00001° is about a metre


@dataclass(frozen=True, eq=False, slots=True)
class Quality:
    """Figures on the data.

    `rows`, `accepted`: rows of all finished imports of reports; `located`: those that got
    as far as a grid; `reports`: reports in the city; `without_worker`: of them, nobody's;
    `by_reason`: reason, rows; `by_import`: id, files, started_at, rows, accepted, refused,
    no_coordinates, out_of_city, implausible, located_share, delay_days (from the newest
    report to the import), late; `by_category`: category (code), zh, en, reports,
    without_worker, without_worker_share; `crowded`: lon, lat, reports, of the points most
    reports share.
    """

    rows: int
    accepted: int
    located: int
    reports: int
    without_worker: int
    late_imports: int
    crowded_reports: int
    by_reason: pd.DataFrame
    by_import: pd.DataFrame
    by_category: pd.DataFrame
    crowded: pd.DataFrame

    @property
    def located_share(self) -> float:
        """Located of all rows; NaN when there are none."""
        return self.located / self.rows if self.rows else float("nan")


def assess(store: Store) -> Quality:
    """The figures of the city as it is now; months are read one after the other."""
    by_import = _by_import(store)
    by_category = _by_category(store)
    crowded = read_model.stable(store, _crowded)
    return Quality(
        rows=int(by_import["rows"].sum()),
        accepted=int(by_import["accepted"].sum()),
        located=int(by_import["located"].sum()),
        reports=int(by_category["reports"].sum()),
        without_worker=int(by_category["without_worker"].sum()),
        late_imports=int(by_import["late"].sum()),
        crowded_reports=int(crowded["reports"].sum()),
        by_reason=_by_reason(store),
        by_import=by_import.drop(columns="located"),
        by_category=by_category,
        crowded=crowded.head(MOST_POINTS),
    )


def _finished(store: Store) -> pd.DataFrame:
    table = read_imports(store)
    return table[(table["kind"] == "reports") & (table["state"] == "visible")].reset_index(
        drop=True
    )


def _by_reason(store: Store) -> pd.DataFrame:
    counts = dict.fromkeys(map(str, Reason), 0)
    for rejected in _finished(store)["rejected"]:
        for reason, number in rejected.items():
            counts[reason] = counts.get(reason, 0) + number
    table = pd.DataFrame({"reason": list(counts), "rows": list(counts.values())})
    return table[table["rows"] > 0].sort_values(
        "rows", ascending=False, kind="stable", ignore_index=True
    )


def _by_import(store: Store) -> pd.DataFrame:
    table = _finished(store)
    out = table[["id", "files", "started_at", "rows", "accepted", "refused"]].copy()
    for column, reasons in (
        ("no_coordinates", (Reason.NO_COORDINATES, Reason.NOT_A_NUMBER)),
        ("out_of_city", (Reason.OUT_OF_CITY,)),
        ("implausible", (Reason.IMPLAUSIBLE_COORDINATES,)),
    ):
        out[column] = np.array(
            [_sum(counts, reasons) for counts in table["rejected"]], dtype=np.int64
        )
    placed = np.array(
        [_sum(counts, LOCATED) for counts in table["rejected"]], dtype=np.int64
    )
    out["located"] = out["accepted"] + placed
    out["located_share"] = out["located"] / out["rows"].where(out["rows"] > 0)
    delay = (
        ((table["started_at"] - table["reported_to"]) / DAY_S)
        .astype("Float64")
        .to_numpy(dtype=np.float64, na_value=np.nan)
    )
    out["delay_days"] = np.round(delay, 1)
    out["late"] = delay > LATE_DAYS
    return out


def _sum(counts: dict[str, int], reasons: tuple[Reason, ...]) -> int:
    return sum(counts.get(reason.value, 0) for reason in reasons)


def _by_category(store: Store) -> pd.DataFrame:
    tree = read_categories(store)
    size = int(tree["id"].max()) + 1 if len(tree) else 1

    def read(content: Manifest, place: Path) -> npt.NDArray[np.int64]:
        counts = np.zeros((2, size), dtype=np.int64)
        for part in content.parts:
            rows = read_model.read_part(place, part, ["category", "worker"])
            category, worker = (rows[name].to_numpy() for name in ("category", "worker"))
            counts[0] += np.bincount(category, minlength=size)
            counts[1] += np.bincount(category[worker == 0], minlength=size)
        return counts

    reports, without = read_model.stable(store, read)[
        :, tree["id"].to_numpy(dtype=np.int64)
    ]
    table = pd.DataFrame(
        {
            "category": tree["code"],
            "zh": tree["zh"],
            "en": tree["en"],
            "reports": reports,
            "without_worker": without,
        }
    )
    table["without_worker_share"] = table["without_worker"] / table["reports"].where(
        table["reports"] > 0
    )
    return table[table["reports"] > 0].reset_index(drop=True)


def _crowded(content: Manifest, place: Path) -> pd.DataFrame:
    """Points that at least `CROWDED` reports share, to about a metre, by falling number.

    Points are first counted in buckets they fall into by chance, so that memory does not
    grow with the number of different points; only those of full buckets are counted one by
    one.
    """
    full = np.zeros(_BUCKETS, dtype=np.int64)
    for part in content.parts:
        full += np.bincount(_bucket(_points(place, part)), minlength=_BUCKETS)
    suspicious = full >= CROWDED
    found = []
    for part in content.parts:
        points = _points(place, part)
        found.append(points[suspicious[_bucket(points)]])
    points, reports = np.unique(
        np.concatenate(found) if found else np.empty(0, np.int64), return_counts=True
    )
    kept = reports >= CROWDED
    points, reports = points[kept], reports[kept]
    order = np.argsort(-reports, kind="stable")
    lat = points % 10**8 / _DEGREE - 90.0
    lon = points // 10**8 / _DEGREE - 180.0
    return pd.DataFrame({"lon": lon[order], "lat": lat[order], "reports": reports[order]})


def _points(place: Path, part: Part) -> npt.NDArray[np.int64]:
    rows = read_model.read_part(place, part, ["lon", "lat"])
    lon, lat = (rows[name].to_numpy() for name in ("lon", "lat"))
    x = np.rint((lon + 180.0) * _DEGREE).astype(np.int64)
    return np.asarray(
        x * 10**8 + np.rint((lat + 90.0) * _DEGREE).astype(np.int64), dtype=np.int64
    )


def _bucket(points: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    with np.errstate(over="ignore"):
        mixed = points.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(64 - 22)).astype(np.int64)
