"""`Play`: matters of the import on their way into journals: what is known of them, and
where each stands by now.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gridmap.cases.matters.acts import Act
from gridmap.demo.arraydeadlines import ArrayDeadlines
from gridmap.demo.ledger import Ledger, Value
from gridmap.demo.stage import Stage
from gridmap.model import Status

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ImportedMatters:
    """What the import says of n matters: `grid` and `category` are rows, times Unix seconds
    with 0 for none.

    `reporter` is a user or 0; `first` the first office by the routing rule `rule`, 0 the
    dispatcher's queue; `department` a row of `Stage.departments`.
    """

    grid: Ints
    category: Ints
    reported_at: Ints
    accepted_at: Ints
    due_at: Ints
    closed_at: Ints
    status: Ints
    reporter: Ints
    first: Ints
    department: Ints
    rule: Ints


@dataclass
class RaisedAlarms:
    """Alarms: `row` of the matter, `kind`, the limit `due_at` they are about, `at`, and
    whose move it was.
    """

    row: Ints
    kind: str
    due_at: Ints
    at: Ints
    office: Ints


@dataclass
class Play:
    """Matters under way; `now` is the city's clock.

    `status` is where each is to end; `at` when the latest line of each journal was written;
    `desk` the office each is with; `by` who handles it; `waiting` those whose whistle is
    not answered. `end` is the closing, or now; `soon` by when a matter is in hand: its end,
    or its limit when it is late.
    """

    imported: ImportedMatters
    stage: Stage
    clocks: ArrayDeadlines
    now: int
    rng: np.random.Generator
    ledger: Ledger = field(init=False)
    raised: list[RaisedAlarms] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Every journal begins empty."""
        imported, count = self.imported, len(self.imported.grid)
        self.ledger = Ledger(
            self.stage.codes[imported.grid], self.stage.codes_of(imported.category)
        )
        self.rows = np.arange(count)
        self.status = imported.status.copy()
        self.at = imported.reported_at.copy()
        self.desk = imported.first.copy()
        self.by = np.zeros(count, dtype=np.int64)
        self.waiting = np.zeros(count, dtype=bool)
        self.end = np.maximum(
            np.where(self.status == Status.CLOSED, imported.closed_at, self.now),
            imported.accepted_at,
        )
        self.soon = np.where(
            imported.due_at > 0,
            np.clip(imported.due_at, imported.accepted_at, self.end),
            self.end,
        )

    def line(
        self, move: Act, rows: Ints, at: Ints, actor: Ints | int, **decided: Value
    ) -> None:
        """Write a line into the journals of `rows`."""
        self.ledger.write(move, rows, at, actor, decided)
        self.at[rows] = at

    def is_in(self, *statuses: Status) -> Flags:
        """Which matters are to end in one of `statuses`."""
        return np.isin(self.status, statuses)

    def lot(self) -> npt.NDArray[np.float64]:
        """A number from 0 to 1 for each matter."""
        return self.rng.uniform(size=len(self.rows))

    def some(self, rows: Ints, share: float) -> Flags:
        """About `share` of `rows`."""
        return np.asarray(self.rng.uniform(size=len(rows)) < share)

    def wait(self, rows: Ints, minutes: float, share: float, spread: float = 1.0) -> Ints:
        """A while after the latest line of `rows`, at most `share` of what is left until
        they are in hand.
        """
        drawn = self.rng.lognormal(np.log(minutes * 60), spread, size=len(rows))
        room = np.maximum(self.soon[rows] - self.at[rows], 0)
        return np.asarray(self.at[rows] + np.minimum(drawn, share * room).astype(np.int64))

    def between(self, rows: Ints, low: float, high: float, end: Ints) -> Ints:
        """From `low` to `high` of the way from the latest line of `rows` to `end`."""
        share = self.rng.uniform(low, high, size=len(rows))
        start = self.at[rows]
        return np.asarray(start + (share * np.maximum(end - start, 0)).astype(np.int64))

    def say(self, texts: tuple[str, ...], rows: Ints) -> pa.DictionaryArray:
        """One of `texts` for each of `rows`."""
        return pa.DictionaryArray.from_arrays(
            pa.array(self.rng.integers(0, len(texts), size=len(rows))), list(texts)
        )

    def limit(self, step: str, rows: Ints, at: Ints) -> Ints:
        """When the limit of `step`, begun at `at`, runs out for `rows`."""
        return self.clocks.step(step, self.imported.category[rows], at)

    def sits(self, rows: Ints) -> Ints:
        """Who acts for the office each of `rows` is with."""
        return np.asarray(self.stage.crew.sits[self.desk[rows]])

    def of_grid(self, who: Ints, rows: Ints) -> Ints:
        """The one of `who` (by grid) for each of `rows`."""
        return np.asarray(who[self.imported.grid[rows]])
