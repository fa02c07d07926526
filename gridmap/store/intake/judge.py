"""Whether reports are right for this city: their place, category and times, a batch at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gridmap.geo.crs import suspects
from gridmap.geo.locate import GridIndex
from gridmap.model import Channel, Level, Status
from gridmap.sources.reasons import SUSPECTS, Reason
from gridmap.sources.values import Verdicts
from gridmap.store.base.store import Store
from gridmap.store.flow.categories import read_categories
from gridmap.store.plans import plans
from gridmap.store.plans.units import read_unit_shapes

EARLIEST_S = 946_656_000
"""2000-01-01T00:00+08:00: nothing was reported before."""

MARGIN = 0.1
"""Share of the city's extent by which a point may miss it and still be a plausible mistake
of place.
"""

LONGEST_ID = 200

STATUS_WORDS = {
    **{status.name.lower(): status for status in Status},
    **{str(int(status)): status for status in Status},
    "上报": Status.REPORTED,
    "已上报": Status.REPORTED,
    "待受理": Status.REPORTED,
    "open": Status.REPORTED,
    "受理": Status.ACCEPTED,
    "已受理": Status.ACCEPTED,
    "立案": Status.ACCEPTED,
    "已立案": Status.ACCEPTED,
    "派遣": Status.DISPATCHED,
    "已派遣": Status.DISPATCHED,
    "处理中": Status.HANDLING,
    "办理中": Status.HANDLING,
    "处置中": Status.HANDLING,
    "结案": Status.CLOSED,
    "已结案": Status.CLOSED,
    "办结": Status.CLOSED,
    "已办结": Status.CLOSED,
    "完成": Status.CLOSED,
    "已完成": Status.CLOSED,
    "不予受理": Status.REJECTED,
    "不受理": Status.REJECTED,
    "作废": Status.VOIDED,
    "已作废": Status.VOIDED,
    "挂账": Status.PARKED,
}
CHANNEL_WORDS = {
    **{channel.name.lower(): channel for channel in Channel},
    **{str(int(channel)): channel for channel in Channel},
    "": Channel.IMPORT,
    "手机": Channel.MOBILE,
    "移动端": Channel.MOBILE,
    "app": Channel.MOBILE,
    "网格员": Channel.MOBILE,
    "中心": Channel.CENTRE,
    "大厅": Channel.CENTRE,
    "热线": Channel.HOTLINE,
    "12345": Channel.HOTLINE,
    "电话": Channel.HOTLINE,
    "导入": Channel.IMPORT,
}

STAGED = pa.schema(
    [
        ("client_id", pa.string()),
        ("category", pa.int16()),
        ("grid", pa.int64()),
        ("plan", pa.int32()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("reported_at", pa.int64()),
        ("accepted_at", pa.int64()),
        ("due_at", pa.int64()),
        ("closed_at", pa.int64()),
        ("status", pa.int8()),
        ("channel", pa.int8()),
        ("worker", pa.int32()),
        ("text", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
    ]
)
"""A report that was found right, as it is staged; file and row tell where it came from."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What a report is held against; made once an import."""

    index: GridIndex
    plan: int
    plan_digest: str
    bounds: tuple[float, float, float, float]
    categories: dict[str, int]
    now: int

    @classmethod
    def of(cls, store: Store, now: int) -> Judge:
        """The city as it is at `now` (Unix seconds). Raises NotFoundError when it has no
        grids yet.
        """
        plan = plans.plan_in_force(store)
        west, south, east, north = read_unit_shapes(
            store, plan=plan.id, level=Level.COUNTY
        ).total_bounds
        return cls(
            index=plans.index(store, plan.id),
            plan=plan.id,
            plan_digest=plan.digest,
            bounds=(float(west), float(south), float(east), float(north)),
            categories=_category_words(store),
            now=now,
        )

    def read(self, batch: pa.RecordBatch) -> tuple[pa.Table, Verdicts]:
        """A typed batch (`sources.reports.SCHEMA`) as a table of `STAGED`, and the verdict
        on each row.
        """
        verdicts = Verdicts(
            batch["reason"].to_numpy(zero_copy_only=False).astype(np.int8, copy=True),
            batch["field"].to_numpy(zero_copy_only=False).astype(object),
        )
        lengths = pc.utf8_length(batch["id"]).to_numpy(zero_copy_only=False)
        verdicts.refuse(lengths == 0, Reason.MISSING_ID, "id")
        verdicts.refuse(lengths > LONGEST_ID, Reason.MALFORMED, "id")
        grid = self._places(batch, verdicts)
        category = _look_up(batch["category"], self.categories)
        verdicts.refuse(category < 0, Reason.UNKNOWN_CATEGORY, "category")
        self._times(batch, verdicts)
        codes = self._codes(batch, verdicts)
        columns: dict[str, Any] = {
            "client_id": batch["id"],
            "category": pa.array(category.astype(np.int16)),
            "grid": pa.array(grid),
            "plan": pa.repeat(pa.scalar(self.plan, pa.int32()), len(batch)),
            "text": pc.if_else(
                pc.equal(batch["text"], ""), pa.scalar(None, pa.string()), batch["text"]
            ),
            **codes,
        }
        taken = [
            columns.get(name, batch[name] if name in batch.schema.names else None)
            for name in STAGED.names
        ]
        return pa.Table.from_arrays(taken, schema=STAGED), verdicts

    def hints(
        self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
    ) -> list[str]:
        """The cure of each of n coordinates far from the city, where it can be told what is
        wrong; else "".
        """
        return [SUSPECTS.get(found, "") for found in suspects(lon, lat, self.bounds)]

    def _places(self, batch: pa.RecordBatch, verdicts: Verdicts) -> npt.NDArray[np.int64]:
        lon, lat = (batch[name].to_numpy(zero_copy_only=False) for name in ("lon", "lat"))
        there = np.isfinite(lon) & np.isfinite(lat)
        west, south, east, north = self.bounds
        margin = MARGIN * max(east - west, north - south)
        near = (
            there
            & (lon >= west - margin)
            & (lon <= east + margin)
            & (lat >= south - margin)
            & (lat <= north + margin)
        )
        verdicts.refuse(there & ~near, Reason.IMPLAUSIBLE_COORDINATES, "lon,lat")
        grid = np.zeros(len(batch), dtype=np.int64)
        grid[near] = self.index.locate(lon[near], lat[near])
        verdicts.refuse(near & (grid == 0), Reason.OUT_OF_CITY, "lon,lat")
        return grid

    def _times(self, batch: pa.RecordBatch, verdicts: Verdicts) -> None:
        reported = _instants(batch["reported_at"], EARLIEST_S)
        verdicts.refuse(
            (reported < EARLIEST_S) | (reported > self.now),
            Reason.IMPOSSIBLE_TIME,
            "reported_at",
        )
        for name in ("accepted_at", "closed_at"):
            later = _instants(batch[name], EARLIEST_S)
            given = batch[name].is_valid().to_numpy(zero_copy_only=False)
            verdicts.refuse(
                given & ((later < reported) | (later > self.now)),
                Reason.IMPOSSIBLE_TIME,
                name,
            )
        due = _instants(batch["due_at"], EARLIEST_S)
        given = batch["due_at"].is_valid().to_numpy(zero_copy_only=False)
        verdicts.refuse(given & (due < reported), Reason.IMPOSSIBLE_TIME, "due_at")

    @staticmethod
    def _codes(batch: pa.RecordBatch, verdicts: Verdicts) -> dict[str, pa.Array]:
        status = _look_up(batch["status"], STATUS_WORDS)
        guessed = np.where(
            batch["accepted_at"].is_valid().to_numpy(zero_copy_only=False),
            Status.ACCEPTED,
            Status.REPORTED,
        )
        guessed = np.where(
            batch["closed_at"].is_valid().to_numpy(zero_copy_only=False),
            Status.CLOSED,
            guessed,
        )
        silent = pc.equal(batch["status"], "").to_numpy(zero_copy_only=False)
        status = np.where(silent, guessed, status)
        verdicts.refuse(status < 0, Reason.UNKNOWN_STATUS, "status")
        channel = _look_up(batch["channel"], CHANNEL_WORDS)
        verdicts.refuse(channel < 0, Reason.UNKNOWN_CHANNEL, "channel")
        worker = pc.fill_null(batch["worker"], 0).to_numpy(zero_copy_only=False)
        verdicts.refuse((worker < 0) | (worker > 2**31 - 1), Reason.NOT_A_NUMBER, "worker")
        number = np.clip(worker, 0, 2**31 - 1).astype(np.int32)
        return {
            "status": pa.array(status.astype(np.int8)),
            "channel": pa.array(channel.astype(np.int8)),
            "worker": pa.array(number, mask=number == 0),
        }


def _category_words(store: Store) -> dict[str, int]:
    """Number by code, and by name where only one category bears it."""
    tree = read_categories(store)
    words: dict[str, int] = {}
    for column in ("en", "zh"):
        single = tree[~tree[column].duplicated(keep=False)]
        words |= dict(zip(single[column], single["id"], strict=True))
    return words | dict(zip(tree["code"], tree["id"], strict=True))


def _look_up(column: pa.Array, words: dict[str, Any]) -> npt.NDArray[np.int64]:
    """The number of each text, int64[n]; −1 for one that is not among `words`, which may be
    written in capitals.
    """
    encoded = column.dictionary_encode()
    folded = {word.casefold(): int(number) for word, number in words.items()}
    exact = {word: int(number) for word, number in words.items()}
    texts = encoded.dictionary.to_pylist()
    numbers = np.array(
        [exact.get(text, folded.get(text.casefold(), -1)) for text in texts], dtype=np.int64
    )
    return (
        numbers[encoded.indices.to_numpy()] if len(texts) else np.zeros(0, dtype=np.int64)
    )


def _instants(column: pa.Array, otherwise: int) -> npt.NDArray[np.int64]:
    return np.asarray(
        pc.fill_null(column, otherwise).to_numpy(zero_copy_only=False), dtype=np.int64
    )
