"""Hand-offs that go wrong: the same matter back and forth between two desks, and hand-offs
without a clock.
"""

from __future__ import annotations

import pandas as pd

PINGPONG_COLUMNS = ["matter", "office", "other", "returns", "last_at"]
UNCLOCKED_COLUMNS = ["matter", "from_office", "office", "since", "until"]


def pingpong(stays: pd.DataFrame, *, fewest: int = 2) -> pd.DataFrame:
    """Matters that came back at least `fewest` times between the same two desks, the most
    returns first.

    `stays`: matter, step, office, since, by matter and step (`gridmap.store.flow.stays.handed`).
    A return is a matter that comes to a desk from the one that desk had sent it to: A → B →
    A is one, A → B → A → B are two.

    Columns: matter, office and other (the desks, the smaller number first), returns,
    last_at (of the last return, Unix seconds).
    """
    own = stays.groupby("matter", sort=False)
    office, between, first = stays["office"], own["office"].shift(1), own["office"].shift(2)
    back = (office == first) & (between != office)
    table = pd.DataFrame(
        {
            "matter": stays["matter"],
            "office": pd.concat([office, between], axis=1).min(axis=1),
            "other": pd.concat([office, between], axis=1).max(axis=1),
            "since": stays["since"],
        }
    )[back]
    found = table.groupby(["matter", "office", "other"], as_index=False).agg(
        returns=("since", "size"), last_at=("since", "max")
    )
    found = found[found["returns"] >= fewest].astype("int64")
    return found.sort_values(
        ["returns", "last_at", "matter"], ascending=[False, False, True], ignore_index=True
    )[PINGPONG_COLUMNS]


def unclocked(stays: pd.DataFrame) -> pd.DataFrame:
    """Hand-offs after which no limit ran, the latest first; for `stays` see `pingpong`,
    with due_at and until.

    Columns: matter, from_office, office (the one it came to), since, until (0: it lies
    there still, without a clock).
    """
    own = stays.groupby("matter", sort=False)
    came_from, left_at = own["office"].shift(1), own["until"].shift(1)
    passed = (left_at == stays["since"]) & (came_from != stays["office"])
    found = stays.assign(from_office=came_from)[passed & (stays["due_at"] == 0)]
    found = found[UNCLOCKED_COLUMNS].astype("int64")
    return found.sort_values(
        ["since", "matter"], ascending=[False, True], ignore_index=True
    )
