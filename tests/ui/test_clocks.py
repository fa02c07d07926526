"""What a clock says."""

import pytest

from gridmap.ui.clocks import left, next_due
from gridmap.words import NONE, Words

NOW = 1_716_252_360
MIN, HOUR, DAY = 60, 3600, 86_400


@pytest.mark.parametrize(
    ("away", "english", "chinese"),
    [
        (0, "0 min left", "剩 0 分钟"),
        (59, "0 min left", "剩 0 分钟"),
        (-1, "0 min late", "超 0 分钟"),
        (30 * MIN, "30 min left", "剩 30 分钟"),
        (2 * HOUR - 1, "119 min left", "剩 119 分钟"),
        (2 * HOUR, "2 h left", "剩 2 小时"),
        (-5 * HOUR - 59 * MIN, "5 h late", "超 5 小时"),
        (2 * DAY - 1, "47 h left", "剩 47 小时"),
        (2 * DAY, "2 d left", "剩 2 天"),
        (-3 * DAY, "3 d late", "超 3 天"),
    ],
)
def test_what_is_left_is_told_in_the_largest_unit_of_which_there_are_two(
    away, english, chinese
):
    assert left(NOW + away, NOW, Words("en")) == english
    assert left(NOW + away, NOW, Words("zh")) == chinese


def test_without_a_limit_nothing_is_left():
    assert left(0, NOW, Words("en")) == NONE


@pytest.mark.parametrize(
    ("step", "whole", "first"), [(0, 0, 0), (5, 0, 5), (0, 7, 7), (5, 7, 5), (9, 7, 7)]
)
def test_the_limit_that_runs_out_first_counts(step, whole, first):
    assert next_due(step, whole) == first
