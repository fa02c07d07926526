"""The charts: one theme, bars from zero, direct labels; each offers its picture and its data."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from gridmap.ui import exports, theme
from gridmap.words import Words

Drawing = Any
"""A chart of Altair's; its operators are typed too loosely to say which kind."""

PICK = "pick"
"""Name of the selection parameter of every chart that can be clicked."""


def show(
    chart: Drawing,
    data: pd.DataFrame,
    *,
    key: str,
    say: Words,
    alt_text: str,
    on_pick: Callable[[dict[str, Any]], None] | None = None,
    dark: bool = False,
) -> None:
    """Draw `chart`, offer its picture (the toolbar over it) and `data` as CSV; a click
    hands its fields to `on_pick`.
    """
    chart = chart.configure(**theme.chart_config(dark=dark))
    with st.container(key=f"chart_{key}", gap=None):
        st.altair_chart(
            chart,
            theme=None,
            key=key,
            on_select=_handler(key, on_pick) if on_pick else "ignore",
            selection_mode=PICK if on_pick else None,
            alt=alt_text,
        )
        if not dark:
            exports.links(data, key=key, say=say, labels=exports.CSV)


def _handler(key: str, on_pick: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
    """A callback runs once a click, where the returned selection would come again at every run."""

    def take() -> None:
        picked = st.session_state[key]["selection"].get(PICK, [])
        if picked:
            on_pick(picked[0])

    return take


def spark(values: Sequence[float], *, dark: bool = False) -> Drawing:
    """A line without axes, its last value marked."""
    frame = pd.DataFrame({"n": range(len(values)), "value": list(values)})
    base = alt.Chart(frame).encode(
        x=alt.X("n:Q", axis=None),
        y=alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False)),
    )
    color = "#7cc4f0" if dark else theme.ACCENT
    last = base.transform_filter(alt.datum.n == len(frame) - 1)
    return (
        base.mark_line(color=color) + last.mark_point(color=color, filled=True, size=40)
    ).properties(height=44)


def ranked(
    frame: pd.DataFrame,
    *,
    say: Words,
    unit: str,
    median: float | None = None,
    median_label: str = "",
    height: int | None = None,
) -> Drawing:
    """Bars from the largest down, each with its value; a click gives the `code` of a bar.

    `frame`: code int64, name str, value float64, label str, and low/high float64 where
    there is an interval.
    """
    data = frame.assign(code=frame["code"].astype(str))
    pick = alt.selection_point(name=PICK, fields=["code"], on="click", toggle=False)
    order = list(data["code"])
    room = 1.1 + 0.017 * max(
        5, data["label"].str.len().max()
    )  # what the longest label takes beside the longest bar
    top = (
        float(
            max(
                data["high"].max() if "high" in data else 0,
                data["value"].max(),
                median or 0,
                1e-9,
            )
        )
        * room
    )
    names = dict(zip(data["code"], data["name"], strict=True))
    y = alt.Y(
        "code:N",
        sort=order,
        title=None,
        axis=alt.Axis(labelExpr=lookup(names), labelLimit=170, ticks=False, domain=False),
    )
    base = alt.Chart(data).encode(y=y)
    scale = alt.Scale(domain=[0, top], nice=False)
    bars = (
        base.mark_bar(height={"band": 0.72}, cursor="pointer")
        .encode(
            x=alt.X(
                "value:Q",
                title=unit,
                scale=scale,
                axis=alt.Axis(tickCount=4, format=",.2~f"),
            ),
            opacity=alt.condition(pick, alt.value(1.0), alt.value(0.45)),
            tooltip=[
                alt.Tooltip("name:N", title=say("Place")),
                alt.Tooltip("label:N", title=unit),
            ],
        )
        .add_params(pick)
    )
    end = "high:Q" if "high" in data else "value:Q"
    labels = base.mark_text(align="left", dx=5).encode(
        x=alt.X(end, scale=scale), text="label:N"
    )
    layers: list[Drawing] = [bars, labels]
    if "low" in data:
        layers.append(
            base.mark_rule(color=theme.INK, strokeWidth=1.2).encode(
                x=alt.X("low:Q"), x2="high:Q"
            )
        )
    if median is not None:
        layers += _median(median, median_label)
    return alt.layer(*layers).properties(height=height or max(120, 23 * len(data) + 30))


def _median(median: float, label: str) -> list[Drawing]:
    line = alt.Chart(pd.DataFrame({"median": [median], "label": [label]}))
    rule = line.mark_rule(color=theme.LOOK, strokeDash=[5, 4], strokeWidth=1.5).encode(
        x="median:Q"
    )
    text = line.mark_text(
        align="left", baseline="bottom", dx=3, dy=-2, color=theme.LOOK
    ).encode(x="median:Q", y=alt.value(0), text="label:N")
    return [rule, text]


def lookup(names: dict[str, str]) -> str:
    """A Vega expression that turns a code into a name; the names are JSON-encoded, never code."""
    encoded = json.dumps(names, ensure_ascii=True)
    return f"({encoded})[datum.value] || datum.value"


def lorenz(curve: pd.DataFrame, *, say: Words) -> Drawing:
    """The share of the load that the share of places carries; the diagonal is an even load.

    `curve`: places float64 and load float64, both from 0 to 1.
    """
    share = alt.Axis(format=".0%", tickCount=5)
    base = alt.Chart(curve).encode(
        x=alt.X("places:Q", title=say("Share of places, lightest first"), axis=share),
        y=alt.Y("load:Q", title=say("Share of the load"), axis=share),
    )
    even = alt.Chart(pd.DataFrame({"places": [0, 1], "load": [0, 1]})).mark_line(
        strokeDash=[4, 4], strokeWidth=1.2, color=theme.QUIET
    )
    area = base.mark_area(opacity=0.12, color=theme.ACCENT)
    return (even.encode(x="places:Q", y="load:Q") + area + base.mark_line()).properties(
        height=250
    )


def trade_off(frame: pd.DataFrame, *, say: Words, height: int = 170) -> Drawing:
    """What each proposal reaches against what it changes; a click gives the `number` of
    one, the picked one stands out.

    `frame`: number int (0: as it is), moved float64 (share of households that change grid),
    off float64 (largest deviation), label str, picked bool; in the order of what they
    change.
    """
    pick = alt.selection_point(name=PICK, fields=["number"], on="click", toggle=False)
    axis = alt.Axis(format=".0%", tickCount=4)
    base = alt.Chart(frame).encode(
        x=alt.X("moved:Q", title=say("Share of households that change grid"), axis=axis),
        y=alt.Y("off:Q", title=None, axis=axis, scale=alt.Scale(domainMin=0)),
    )
    tips = [
        alt.Tooltip("label:N", title=say("Proposal")),
        alt.Tooltip("off:Q", title=say("Largest deviation"), format=".1%"),
        alt.Tooltip(
            "moved:Q", title=say("Share of households that change grid"), format=".1%"
        ),
    ]
    points = (
        base.mark_point(filled=True, opacity=1, cursor="pointer")
        .encode(
            color=alt.condition(
                "datum.picked", alt.value(theme.LOOK), alt.value(theme.ACCENT)
            ),
            size=alt.condition("datum.picked", alt.value(200), alt.value(80)),
            tooltip=tips,
        )
        .add_params(pick)
    )
    names = base.mark_text(align="left", dx=9, dy=-9).encode(text="label:N")
    return (base.mark_line(strokeWidth=1.2, color=theme.QUIET) + points + names).properties(
        height=height,
        title=alt.Title(
            say("Largest deviation"), anchor="start", fontSize=12, fontWeight="normal"
        ),
    )


def lines(frame: pd.DataFrame, *, unit: str, height: int = 300) -> Drawing:
    """Courses over days, each with its name at its end.

    `frame`: day date, name str, value float64; as many rows a name as there are days.
    """
    shown = frame.assign(day=pd.to_datetime(frame["day"]).dt.strftime("%Y-%m-%d"))
    base = alt.Chart(shown).encode(
        x=alt.X(
            "day:O",
            title=None,
            axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=14),
        ),
        y=alt.Y("value:Q", title=unit, axis=alt.Axis(tickCount=4, format=",.0f")),
        color=alt.Color("name:N", title=None, sort=None, legend=alt.Legend(orient="top")),
    )
    tips = [
        alt.Tooltip("name:N"),
        alt.Tooltip("day:N"),
        alt.Tooltip("value:Q", title=unit, format=",.0f"),
    ]
    return (
        base.mark_line() + base.mark_point(filled=True, size=30).encode(tooltip=tips)
    ).properties(height=height)


def spread(frame: pd.DataFrame, *, unit: str, say: Words, height: int = 60) -> Drawing:
    """How times are spread, a row a rung: the middle half as a bar, its median as a line,
    whiskers to a tenth and nine tenths.

    `frame`: rung str, hours float64; drawn on a scale of logarithms.
    """
    own = frame.groupby("rung", sort=False)["hours"]
    data = pd.DataFrame(
        {f"p{share}": own.quantile(share / 100) for share in (10, 25, 50, 75, 90)}
    )
    data = data.clip(lower=1 / 60).reset_index()
    y = alt.Y("rung:N", title=None, sort=None, axis=alt.Axis(labelLimit=240, ticks=False))
    scale = alt.Scale(type="log")
    base = alt.Chart(data).encode(y=y)
    tips = [
        alt.Tooltip(f"{name}:Q", title=f"{name[1:]} %", format=",.2f")
        for name in data.columns[1:]
    ]
    x = alt.X("p10:Q", title=unit, scale=scale, axis=alt.Axis(format=",.2~f"))
    whisker = base.mark_rule(color=theme.QUIET).encode(x=x, x2="p90:Q", tooltip=tips)
    middle = base.mark_bar(size=18, opacity=0.55).encode(
        x=alt.X("p25:Q", scale=scale), x2="p75:Q", tooltip=tips
    )
    median = base.mark_tick(color=theme.LOOK, thickness=3, size=24).encode(
        x=alt.X("p50:Q", scale=scale), tooltip=tips
    )
    label = base.mark_text(align="left", dx=6, dy=-15, fontSize=11).encode(
        x=alt.X("p50:Q", scale=scale), text=alt.Text("p50:Q", format=",.2f")
    )
    return (whisker + middle + median + label).properties(
        height=height * max(len(data), 1),
        title=say("Tenth, quarter, median, three quarters, nine tenths"),
    )


def mix(frame: pd.DataFrame, *, say: Words, here: str, there: str) -> Drawing:
    """Shares of categories here as bars, with a mark where the place above has its share.

    `frame`: name str, here float64 and there float64 (0 to 1), label str.
    """
    top = float(max(frame["here"].max(), frame["there"].max(), 0.01)) * 1.25
    scale = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y(
        "name:N",
        sort=list(frame["name"]),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=170),
    )
    base = alt.Chart(frame).encode(y=y)
    title = say("Bar: {here}; mark: {there}", here=here, there=there)
    bars = base.mark_bar(height={"band": 0.7}).encode(
        x=alt.X(
            "here:Q", title=title, scale=scale, axis=alt.Axis(format=".0%", tickCount=4)
        )
    )
    marks = base.mark_tick(color=theme.LOOK, thickness=3, size=18).encode(
        x=alt.X("there:Q", scale=scale)
    )
    text = base.mark_text(align="left", dx=6).encode(
        x=alt.X("end:Q", scale=scale), text="label:N"
    )
    text.data = frame.assign(end=frame[["here", "there"]].max(axis=1))
    return (bars + marks + text).properties(height=max(90, 24 * len(frame) + 30))
