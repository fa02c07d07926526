"""The whistle ladder and hand-offs that go wrong, on rows drawn by hand."""

import math

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from gridmap.insight.handoffs import pingpong, unclocked
from gridmap.insight.ladder import LEVELS, levels, quantile, rungs

NOW = 1_000_000
WHISTLE = {
    "group": 0,
    "lower": "village",
    "upper": "township",
    "came_at": 100,
    "at": 200,
    "due_at": 500,
    "heeded_at": 0,
    "lapsed_at": 0,
    "apt": -1,
    "rating": 0,
}


def whistles(*rows):
    return pd.DataFrame([WHISTLE | row for row in rows], columns=list(WHISTLE))


def test_levels_add_up_in_every_group():
    solved = pd.DataFrame(
        {"group": [1, 1, 2, 1], "level": ["village", "county", "city", "village"]}
    )
    table = levels(solved).set_index("group")
    assert table.loc[1].tolist() == [3, 2, 0, 1, 0]
    assert (table[list(LEVELS)].sum(axis=1) == table["closed"]).all()
    assert levels(solved.head(0)).empty


def test_a_rung_tells_travel_and_answer_apart():
    (row,) = rungs(
        whistles(
            {"heeded_at": 300, "apt": 1, "rating": 5},
            {"heeded_at": 900, "apt": 0},
            {"due_at": NOW + 9},
        ),
        now=NOW,
    ).to_dict("records")
    assert (row["whistles"], row["answered"], row["due"], row["in_time"]) == (3, 2, 2, 1)
    assert (row["travel_median_s"], row["travel_p90_s"]) == (200, 800)
    assert (row["answer_median_s"], row["answer_p90_s"]) == (100, 700)
    assert (row["judged"], row["apt"], row["rated"], row["rating"]) == (2, 1, 1, 5.0)


def test_a_matter_that_ended_before_the_limit_is_not_held_against_the_upper_desk():
    (row,) = rungs(whistles({"lapsed_at": 400}, {"lapsed_at": 600}), now=NOW).to_dict(
        "records"
    )
    assert (row["lapsed"], row["due"], row["in_time"]) == (2, 1, 0)
    assert math.isnan(row["travel_median_s"])
    assert math.isnan(row["rating"])


def test_rungs_stand_from_the_lowest_desk_up():
    table = rungs(
        whistles({"lower": "county", "upper": "city"}, {"upper": "county"}, {}), now=NOW
    )
    assert table[["lower", "upper"]].to_numpy().tolist() == [
        ["village", "township"],
        ["village", "county"],
        ["county", "city"],
    ]
    assert rungs(whistles(), now=NOW).empty


@given(st.lists(st.integers(0, 10**6), min_size=1), st.sampled_from((0.5, 0.9)))
def test_a_quantile_is_an_observed_time_that_its_share_does_not_exceed(times, share):
    found = quantile(pd.Series(times, dtype=float), share)
    assert found in times
    assert sum(time <= found for time in times) >= share * len(times) - 1e-9
    assert sum(time < found for time in times) <= share * len(times)


def journey(matter, *offices, dues=None):
    dues = dues or [9] * len(offices)
    return [
        {
            "matter": matter,
            "step": n + 1,
            "office": office,
            "since": 10 * n,
            "due_at": due,
            "until": 10 * (n + 1) if n + 1 < len(offices) else 0,
        }
        for n, (office, due) in enumerate(zip(offices, dues, strict=True))
    ]


def test_back_and_forth_is_counted_between_the_same_two_desks():
    stays = pd.DataFrame(
        [
            *journey(1, 5, 7, 5, 7),
            *journey(2, 5, 7, 5),
            *journey(3, 5, 7, 8, 5),
            *journey(4, 1, 2, 3),
        ]
    )
    assert pingpong(stays)[
        ["matter", "office", "other", "returns"]
    ].to_numpy().tolist() == [[1, 5, 7, 2]]
    assert pingpong(stays, fewest=1)["matter"].tolist() == [1, 2]
    assert pingpong(stays.head(0)).empty


def test_a_matter_opened_again_at_its_desk_has_not_come_back():
    stays = pd.DataFrame(journey(1, 5, 5, 5))
    assert pingpong(stays, fewest=1).empty


def test_a_hand_off_without_a_limit_is_found_and_a_report_without_one_is_none():
    stays = pd.DataFrame(
        [*journey(1, 5, 7, 8, dues=[0, 0, 3]), *journey(2, 5, 6, dues=[1, 0])]
    )
    assert unclocked(stays)[
        ["matter", "from_office", "office", "until"]
    ].to_numpy().tolist() == [
        [1, 5, 7, 20],
        [2, 5, 6, 0],
    ]
