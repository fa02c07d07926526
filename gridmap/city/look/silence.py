"""The judgement of silent grids, made once for each day that is asked about."""

from __future__ import annotations

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk
from gridmap.insight import silent
from gridmap.insight.silent import Silence


def silence_on(desk: Desk, data: Data, last_day: int) -> Silence:
    """The judgement of every grid on day number `last_day`, or on the newest whole day when
    that is earlier.

    The window is that of the newest day, so that days compare.
    """
    ratio = desk.settings.silent_ratio
    newest = min(data.facts.last_day, desk.today_number - 1)

    def judge(day: int, window: int | None) -> Silence:
        return desk.remember(
            data,
            ("silence", day, window, ratio),
            lambda: silent.silence(
                data.facts,
                data.grids,
                data.categories,
                last_day=day,
                ratio=ratio,
                window_days=window,
            ),
        )

    latest = judge(newest, None)
    day = min(last_day, newest)
    return latest if day == newest else judge(day, latest.window_days)
