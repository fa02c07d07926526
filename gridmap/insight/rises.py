"""What is reported more often than usual: categories of one day against the days before."""

from __future__ import annotations

import pandas as pd

FEWEST = 3
"""Reports of a day from which on a rise is spoken of."""
FACTOR = 2.0
"""So many times the usual."""


def rises(reports: pd.DataFrame, *, days: int) -> pd.DataFrame:
    """Categories reported at least `FEWEST` times in the day and `FACTOR` times as often as
    usual, the largest excess first.

    `reports`: category, in_day (bool): those of the day, and those of the `days` days
    before it. Columns: category, count (of the day), usual (mean of a day before).
    """
    counts = reports.groupby("category")["in_day"].agg(["sum", "size"])
    usual = (counts["size"] - counts["sum"]) / days
    table = pd.DataFrame(
        {
            "category": counts.index,
            "count": counts["sum"].astype("int64").to_numpy(),
            "usual": usual.to_numpy(),
        }
    )
    table = table[(table["count"] >= FEWEST) & (table["count"] >= FACTOR * table["usual"])]
    excess = table["count"] - table["usual"]
    return (
        table.assign(excess=excess)
        .sort_values(["excess", "category"], ascending=[False, True])
        .drop(columns="excess")
        .reset_index(drop=True)
    )
