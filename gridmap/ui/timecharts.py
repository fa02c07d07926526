"""Charts of time: the period as bars to click, a course of days, a year as a strip of weeks."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd

from gridmap.ui import charts, theme
from gridmap.words import Words


def histogram(
    frame: pd.DataFrame,
    *,
    say: Words,
    unit: str,
    picked: int | None = None,
    height: int = 96,
) -> charts.Drawing:
    """Reports over time as bars; a click gives the `step` of a bar, the picked one stands out.

    `frame`: step int, start date, end date, value float64, label str.
    """
    pick = alt.selection_point(name=charts.PICK, fields=["step"], on="click", toggle=False)
    shown = frame.assign(
        picked=frame["step"] == (-1 if picked is None else picked),
        start=frame["start"].astype(str),
    )
    color = alt.condition(
        "datum.picked",
        alt.value(theme.LOOK),
        alt.value("#9fb6c8" if picked is not None else theme.ACCENT),
    )
    return (
        alt.Chart(shown)
        .mark_bar(cursor="pointer", width={"band": 0.86})
        .encode(
            x=alt.X(
                "start:O",
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=14),
            ),
            y=alt.Y("value:Q", title=unit, axis=alt.Axis(tickCount=3)),
            color=color,
            tooltip=[
                alt.Tooltip("label:N", title=say("Period")),
                alt.Tooltip("value:Q", title=unit, format=",.0f"),
            ],
        )
        .add_params(pick)
        .properties(height=height)
    )


def trend(
    frame: pd.DataFrame, *, say: Words, unit: str, height: int = 190
) -> charts.Drawing:
    """Reports a day as thin bars under their mean of seven days.

    `frame`: day date, count int64, mean_7 float64.
    """
    shown = frame.assign(day=pd.to_datetime(frame["day"]).dt.strftime("%Y-%m-%d"))
    base = alt.Chart(shown).encode(
        x=alt.X(
            "utcyearmonthdate(day):T",
            title=None,
            axis=alt.Axis(format="%Y-%m-%d", labelOverlap="greedy", labelSeparation=12),
        )
    )
    bars = base.mark_bar(color="#b9cbd8", width=2).encode(
        y=alt.Y(
            "count:Q", title=unit, axis=alt.Axis(tickCount=4, tickMinStep=1, format="d")
        ),
        tooltip=[
            alt.Tooltip("utcyearmonthdate(day):T", title=say("Day"), format="%Y-%m-%d"),
            alt.Tooltip("count:Q", title=unit, format=",.0f"),
        ],
    )
    return (bars + base.mark_line().encode(y="mean_7:Q")).properties(height=height)


def calendar(frame: pd.DataFrame, *, say: Words, unit: str) -> charts.Drawing:
    """A year as a strip of weeks: one cell a day, darker where more was reported.

    `frame`: day date, value float64.
    """
    days = pd.to_datetime(frame["day"])
    monday = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    shown = frame.assign(
        day=days.dt.strftime("%Y-%m-%d"),
        week=monday.dt.strftime("%Y-%m-%d"),
        weekday=days.dt.day_of_week,
    )
    names = dict(enumerate(weekdays(say)))
    top = max(int(frame["value"].max()), 1)
    months = f"({json.dumps(_month_starts(monday))})[datum.value] || ''"
    return (
        alt.Chart(shown)
        .mark_rect(stroke="white", strokeWidth=1.5)
        .encode(
            x=alt.X(
                "week:O",
                title=None,
                axis=alt.Axis(
                    labelExpr=months, labelAngle=0, labelOverlap=False, ticks=False
                ),
            ),
            y=alt.Y(
                "weekday:O",
                title=None,
                axis=alt.Axis(
                    labelExpr=charts.lookup(
                        {str(day): name for day, name in names.items()}
                    ),
                    ticks=False,
                ),
            ),
            color=alt.Color(
                "value:Q",
                title=unit,
                scale=alt.Scale(scheme="blues", domainMin=0),
                legend=alt.Legend(
                    orient="right",
                    gradientLength=90,
                    values=sorted({0, top // 2, top}),
                    format="d",
                ),
            ),
            tooltip=[
                alt.Tooltip("day:N", title=say("Day")),
                alt.Tooltip("value:Q", title=unit, format=",.0f"),
            ],
        )
        .properties(height=150)
    )


def weekdays(say: Words) -> list[str]:
    """The short names of the days of the week, Monday first."""
    return [
        say("Mon"),
        say("Tue"),
        say("Wed"),
        say("Thu"),
        say("Fri"),
        say("Sat"),
        say("Sun"),
    ]


def _month_starts(mondays: pd.Series[pd.Timestamp]) -> dict[str, str]:
    """The week each month begins in, as 2024-01 for the first and each January, 02 for the
    others.
    """
    first: dict[str, pd.Timestamp] = {}
    for monday in sorted(set(mondays)):
        first.setdefault(f"{monday:%Y-%m}", monday)
    weeks = list(first.items())
    # The strip may begin in the last days of a month: no room for its name.
    if len(weeks) > 1 and (weeks[1][1] - weeks[0][1]).days < 28:
        weeks = weeks[1:]
    return {
        f"{monday:%Y-%m-%d}": month if not number or month.endswith("-01") else month[5:]
        for number, (month, monday) in enumerate(weeks)
    }
