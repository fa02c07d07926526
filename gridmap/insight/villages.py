"""Figures of the contract clean-up, defined here and nowhere else.

| key | what |
|---|---|
| cleared 清理 | contracts whose clearing is in force; one that relapsed no longer counts
until it is cleared again |
| share 完成率 | contracts kept or cleared / contracts listed |
| gain 增收 | yuan a year: of cleared contracts, measured area × new price less written area ×
old price |
| before, after 集体收入 | collective income of the last year before a village's first contract
was published, and of the last year noted after that year |
| growth | after less before, of villages that have both |
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gridmap.calendar import from_epoch
from gridmap.cases.contracts import State
from gridmap.insight.trend import share

_REVIEWED = (str(State.REVIEWED), str(State.KEPT), str(State.CLEARED))


def rents(contracts: pd.DataFrame) -> pd.DataFrame:
    """`contracts` with rent_before, rent_after and gain (whole yuan a year; rent_after is
    the old rent unless cleared).
    """
    before = (contracts["area_written"] * contracts["price_before"]).round().astype("int64")
    cleared = contracts["state"] == str(State.CLEARED)
    anew = (contracts["area_measured"] * contracts["price_after"]).round().astype("int64")
    after = anew.where(cleared, before)
    return contracts.assign(rent_before=before, rent_after=after, gain=after - before)


def campaign(contracts: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """How far the clean-up of `contracts` is, a row for each value of the columns `by`; one
    row without.

    Columns: those of `by`; contracts, published, reviewed, kept, cleared, relapsed
    (counts); gain (yuan a year); surplus_mu (measured beyond written, of reviewed ones);
    share (percent kept or cleared; NaN: none listed).
    """
    table = steps(contracts)
    names = list(table.columns)
    if by:
        keys = contracts[list(by)]
        table = pd.concat([keys, table], axis=1).groupby(list(by), as_index=False).sum()
    else:
        table = table.sum().to_frame().T
    table = table.astype(dict.fromkeys(names, "int64") | {"surplus_mu": "float64"})
    decided = table.pop("decided").to_numpy()
    return table.assign(share=share(decided, table["contracts"].to_numpy()))


def steps(contracts: pd.DataFrame) -> pd.DataFrame:
    """How far each contract is, in numbers that add up: contracts (1), published, reviewed,
    kept, cleared, relapsed, decided (kept or cleared), gain, surplus_mu.
    """
    counted = rents(contracts)
    state, reviewed = counted["state"], counted["state"].isin(_REVIEWED)
    kept, cleared = (state == str(one) for one in (State.KEPT, State.CLEARED))
    surplus = counted["area_measured"] - counted["area_written"]
    table = pd.DataFrame(
        {
            "contracts": 1,
            "published": counted["published_at"] > 0,
            "reviewed": reviewed,
            "kept": kept,
            "cleared": cleared,
            "relapsed": state == str(State.RELAPSED),
            "decided": kept | cleared,
            "gain": counted["gain"],
        }
    )
    whole = table.astype("int64")
    return whole.assign(surplus_mu=surplus.where(reviewed, 0.0))


def incomes(contracts: pd.DataFrame, noted: pd.DataFrame) -> pd.DataFrame:
    """Collective income before and after the clean-up per village that has published contracts.

    `noted`: village, year, yuan, oldest note first; the last note of a year counts.
    Columns: village, started (year of the first publishing), year_before, before,
    year_after, after (yuan), growth; NaN where none is noted.
    """
    published = contracts[contracts["published_at"] > 0]
    first = published.groupby("village")["published_at"].min()
    table = pd.DataFrame(
        {"started": [from_epoch(int(at)).year for at in first]}, index=first.index
    )
    latest = noted.drop_duplicates(["village", "year"], keep="last").sort_values("year")
    latest = latest.join(table, on="village", how="inner")
    for name, chosen in (
        ("before", latest[latest["year"] < latest["started"]]),
        ("after", latest[latest["year"] > latest["started"]]),
    ):
        last = chosen.drop_duplicates("village", keep="last").set_index("village")
        table[f"year_{name}"] = last["year"].reindex(table.index).astype("float64")
        table[name] = last["yuan"].reindex(table.index).astype("float64")
    return (
        table.assign(growth=table["after"] - table["before"])
        .rename_axis("village")
        .reset_index()
    )


def growth(table: pd.DataFrame) -> tuple[int, int, int]:
    """Income before and after (yuan) of the villages of `incomes` that have both, and how
    many they are.
    """
    both = table[table["growth"].notna()]
    return int(np.sum(both["before"])), int(np.sum(both["after"])), len(both)
