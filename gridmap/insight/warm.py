"""Compiling every loop ahead, so that nobody waits for it at the first question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import day_from_number
from gridmap.facts import Facts
from gridmap.insight import counts, outcomes
from gridmap.insight.categories import Categories
from gridmap.insight.mask import mask
from gridmap.insight.selection import Selection


def warm(widths: Iterable[type[Any]] = (np.uint16, np.uint32)) -> None:
    """Compile every loop, or load what was compiled before, for these types of grid positions."""
    for width in widths:
        facts = one_report(width)
        day = day_from_number(1)
        categories = Categories.from_frame(
            pd.DataFrame({"id": [1], "code": ["A"], "parent": [None], "effort": [1.0]}),
        )
        chosen = mask(facts, Selection(day, day), categories)
        for count in (
            counts.by_grid,
            counts.by_day,
            counts.by_hour,
            counts.by_category,
            counts.by_worker,
            outcomes.closed_by_day,
            outcomes.open_by_grid,
        ):
            count(facts, chosen)
        for count in (
            outcomes.overdue_by_grid,
            outcomes.answered,
            outcomes.due_by_grid,
            outcomes.due_by_day,
        ):
            count(facts, chosen)
        counts.last_reported(facts, 1)
        counts.raster(facts, chosen, shape=(1, 1), west=0.0, step=1.0, curve=np.zeros(4))


def one_report(width: type[Any]) -> Facts:
    """A report in arrays that are read-only, as loaded ones are: compiled code is
    particular about it.
    """

    def column(dtype: type[Any], value: int = 1) -> npt.NDArray[Any]:
        array = np.full(1, value, dtype=dtype)
        array.flags.writeable = False
        return array

    return Facts(
        grid_codes=column(np.int64, 410_702_001_001_001),
        grid=column(width, 0),
        category=column(np.int16),
        day=column(np.uint16),
        hour=column(np.uint8),
        status=column(np.uint8),
        closed_day=column(np.uint16),
        due_day=column(np.uint16),
        in_time=column(np.bool_),
        accepted=column(np.bool_),
        response_min=column(np.uint16),
        worker=column(np.int32),
        lon=column(np.float32),
        lat=column(np.float32),
        first_day=1,
        last_day=1,
        as_of=0,
    )
