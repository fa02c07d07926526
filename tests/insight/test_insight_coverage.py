import pandas as pd
from small_facts import CODES, FIRST, facts, frame

from gridmap.calendar import DAY_S, UTC_OFFSET_S, day_number
from gridmap.insight import coverage

DAY = day_number(FIRST) + 60


def _visits(*pairs):
    rows = [(code, day * DAY_S - UTC_OFFSET_S + 3600) for code, day in pairs]
    return pd.DataFrame(rows, columns=["grid", "at"]).astype(
        {"grid": "int64", "at": "int64"}
    )


def test_a_grid_was_last_seen_by_a_report_or_a_visit():
    table = frame(1, 2).assign(grid=[0, 1], day=[DAY - 30, DAY - 10])
    found = coverage.seen(
        facts(table), _visits((int(CODES[0]), DAY - 2), (int(CODES[2]), DAY - 7)), day=DAY
    )
    assert found.days_unseen[:3].tolist() == [2, 10, 7]
    assert found.reported[:3].tolist() == [DAY - 30, DAY - 10, coverage.NEVER]
    assert found.visited[:3].tolist() == [DAY - 2, coverage.NEVER, DAY - 7]


def test_a_grid_never_seen_counts_from_the_first_day_of_anything():
    table = frame(1, 1).assign(grid=0, day=DAY - 30)
    assert coverage.seen(facts(table), _visits(), day=DAY).days_unseen[5] == 30


def test_what_happens_later_is_not_known_yet():
    table = frame(1, 2).assign(grid=0, day=[DAY - 30, DAY + 1])
    found = coverage.seen(facts(table), _visits((int(CODES[0]), DAY + 3)), day=DAY)
    assert found.days_unseen[0] == 30


def test_visits_of_grids_the_plan_does_not_have_are_left_out():
    table = frame(1, 1).assign(grid=0, day=DAY)
    found = coverage.seen(
        facts(table), _visits((999_999_999_999_999, DAY), (1, DAY)), day=DAY
    )
    assert (found.visited == coverage.NEVER).all()
