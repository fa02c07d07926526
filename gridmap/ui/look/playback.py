"""Playback: the period step by step on one scale, with the histogram of time as its slider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import streamlit as st

from gridmap.insight.counts import Step
from gridmap.insight.heat import Rate
from gridmap.model import Level
from gridmap.ui import charts, colours, timecharts
from gridmap.ui import city as cities
from gridmap.ui.board.layers import where
from gridmap.ui.frame import Page
from gridmap.ui.maps import Heat, MapLayer
from gridmap.ui.session import Key

SECONDS_A_STEP = 1.2
RATES: dict[str, Rate] = {
    "per_100_households": "per_100_households",
    "reports": "count",
    "per_km2": "per_km2",
}


@dataclass(frozen=True)
class Moment:
    """One step of the period: its number, first and last day, and reports."""

    number: int
    start: date
    end: date
    reports: int


def steps(page: Page, step: Step) -> list[Moment]:
    """The steps of the period shown."""
    bars = page.city.heat.histogram(page.view.selection, step=step)
    starts = [start.date() for start in bars["start"]]
    ends = [following - timedelta(days=1) for following in starts[1:]] + [page.view.end]
    rows = zip(starts, ends, bars["count"].tolist(), strict=True)
    return [
        Moment(number, start, end, int(count))
        for number, (start, end, count) in enumerate(rows)
    ]


def at(moments: list[Moment]) -> Moment | None:
    """The step that is shown; None: the period as a whole."""
    number = st.session_state.get(Key.FRAME)
    return moments[number] if number is not None and number < len(moments) else None


def playing() -> bool:
    """Whether the steps are running."""
    return bool(st.session_state.get(Key.PLAYING))


def toggle() -> None:
    """Start or stop; a start at the end begins anew."""
    st.session_state[Key.PLAYING] = not playing()


def stop() -> None:
    """Stop, and show the whole period again."""
    st.session_state[Key.PLAYING] = False
    st.session_state[Key.FRAME] = None


def advance(moments: list[Moment]) -> None:
    """One step further while playing; after the last one it stops there."""
    if not playing():
        return
    number = st.session_state.get(Key.FRAME)
    following = 0 if number is None or number + 1 >= len(moments) else number + 1
    st.session_state[Key.FRAME] = following
    if following + 1 >= len(moments):
        st.session_state[Key.PLAYING] = False


def areas(page: Page, measure: str, level: Level, step: Step, moment: Moment) -> MapLayer:
    """The map of one step, coloured by limits that all steps share."""
    city, rate = page.city, RATES.get(measure, "count")
    chosen = page.view.selection.within(city.code)
    frames = city.heat.frames(chosen, level, step=step, rate=rate)
    figure = city.figures.get(measure if measure in RATES else "reports")
    return MapLayer(
        cities.package(city),
        level=level,
        codes=frames.codes,
        values=frames.values[moment.number],  # noqa: PD011  (not a frame of pandas)
        breaks=frames.breaks,
        colours=colours.classed("activity", frames.breaks),
        title=page.say(figure.name),
        unit=page.say(figure.unit),
        note=page.say.period(moment.start, moment.end),
        **where(page),
    )


def density(page: Page, moment: Moment | None) -> MapLayer:
    """The kernel density of the period or of one step, in reports per km² and day, so that
    steps compare.
    """
    city, view = page.city, page.view
    whole = city.heat.kernel(view.selection)
    top = float(whole.density.max(initial=0.0)) / view.selection.days
    surface, days = whole, view.selection.days
    if moment is not None:
        days = (moment.end - moment.start).days + 1
        surface = city.heat.kernel(view.selection.between(moment.start, moment.end))
        top *= 1.5
    scheme = colours.scheme("load", 6)
    return MapLayer(
        cities.package(city),
        breaks=np.linspace(0.0, top or 1.0, len(scheme) + 1),
        colours=scheme,
        title=page.say("Density of reports"),
        unit=page.say("per km² and day"),
        note=page.say.period(moment.start, moment.end) if moment else "",
        heat=Heat(surface.density / days, surface.bounds, top or None),
        **where(page),
    )


def slider(page: Page, moments: list[Moment], *, key: str) -> None:
    """Reports over time; a click on a bar shows its step."""
    say, now = page.say, at(moments)
    frame = pd.DataFrame(
        {
            "step": [moment.number for moment in moments],
            "start": [moment.start for moment in moments],
            "value": [moment.reports for moment in moments],
            "label": [say.period(moment.start, moment.end) for moment in moments],
        }
    )
    charts.show(
        timecharts.histogram(
            frame, say=say, unit=say("reports"), picked=now.number if now else None
        ),
        frame.rename(columns={"value": "reports"})[["start", "label", "reports"]],
        key=key,
        say=say,
        alt_text=say("Reports over time"),
        on_pick=_pick,
    )


def _pick(row: dict[str, object]) -> None:
    st.session_state[Key.FRAME] = int(str(row["step"]))
    st.session_state[Key.PLAYING] = False
