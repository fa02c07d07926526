"""Figures of the contract clean-up on a hand-drawn list."""

import pandas as pd

from gridmap.calendar import to_epoch
from gridmap.insight import villages

FIRST, SECOND = 410724106203, 410724106204


def at(day):
    return to_epoch(pd.Timestamp(f"{day}T10:00:00+08:00").to_pydatetime())


def contracts():
    rows = [
        (FIRST, 10.0, 100.0, 12.0, 200.0, "cleared", at("2022-03-01")),
        (FIRST, 10.0, 100.0, 12.0, 200.0, "relapsed", at("2022-04-01")),
        (FIRST, 5.0, 40.0, 5.0, 0.0, "kept", at("2022-03-05")),
        (SECOND, 8.0, 30.0, 0.0, 0.0, "published", at("2023-12-31")),
        (SECOND, 8.0, 30.0, 0.0, 0.0, "listed", 0),
    ]
    columns = [
        "village",
        "area_written",
        "price_before",
        "area_measured",
        "price_after",
        "state",
        "published_at",
    ]
    return pd.DataFrame(rows, columns=columns)


def test_only_a_clearing_in_force_brings_rent():
    counted = villages.campaign(contracts(), ("village",)).set_index("village")
    assert counted.loc[
        FIRST, ["contracts", "published", "reviewed", "kept", "cleared", "relapsed", "gain"]
    ].tolist() == [
        3,
        3,
        2,
        1,
        1,
        1,
        1_400,
    ]
    assert counted.loc[FIRST, "surplus_mu"] == 2.0
    assert counted.loc[SECOND, ["published", "reviewed", "share"]].tolist() == [1, 0, 0.0]
    (total,) = villages.campaign(contracts()).to_dict("records")
    assert (total["contracts"], total["gain"], total["share"]) == (5, 1_400, 40.0)


def test_nothing_listed_has_no_share():
    (total,) = villages.campaign(contracts().iloc[:0]).to_dict("records")
    assert (total["contracts"], total["gain"]) == (0, 0)
    assert total["share"] != total["share"]  # NaN


def test_income_is_that_of_the_years_around_the_beginning_and_the_last_note_of_a_year_counts():
    noted = pd.DataFrame(
        [
            (FIRST, 2020, 1),
            (FIRST, 2021, 400),
            (FIRST, 2022, 700),
            (FIRST, 2023, 1),
            (FIRST, 2023, 1_200),
            (SECOND, 2022, 50),
            (SECOND, 2023, 60),
            (410724106299, 2021, 9),
        ],
        columns=["village", "year", "yuan"],
    )
    table = villages.incomes(contracts(), noted).set_index("village")
    assert table.loc[
        FIRST, ["year_before", "before", "year_after", "after", "growth"]
    ].tolist() == [
        2021,
        400,
        2023,
        1_200,
        800,
    ]
    assert table.loc[SECOND, "before"] == 50
    assert (
        table.loc[SECOND, "after"] != table.loc[SECOND, "after"]
    )  # no year after it began is noted
    assert villages.growth(table.reset_index()) == (400, 1_200, 1)
