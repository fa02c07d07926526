"""Heatmap: where and when reports come from: by area, as a density, and step by step."""

from __future__ import annotations

import streamlit as st

from gridmap import terms
from gridmap.model import Level
from gridmap.ui import controls, drill, frame
from gridmap.ui.board import Board
from gridmap.ui.look import playback

HERE = "pages/heatmap.py"
MENU_WIDTH = 215
MEASURES = ("per_100_households", "reports", "per_km2", "change", "change_year")

page = frame.current(counted=True)
city, say, view = page.city, page.say, page.view
board = Board(page, "heat")

frame.head(page, say("Where reports come from in {place}", place=page.place), here=HERE)
with st.container(horizontal=True, vertical_alignment="center", key="controls"):
    layers = {"areas": say("By area"), "kernel": say("Density")}
    kernel = controls.choose(page, "layer", layers, label=say("Layer")) == "kernel"
    measure, level = city.figures.get(MEASURES[0]), Level.GRID
    if not kernel:
        shown = map(city.figures.get, MEASURES)
        measure = board.choose(shown, "measure", label=say("Coloured by"), menu=MENU_WIDTH)
        level = controls.level(page, menu=110)
    st.space("stretch")
    names = {name: say(word) for name, word in terms.STEPS.items()}
    usual = (
        "day"
        if view.selection.days <= 31
        else "week"
        if view.selection.days <= 200
        else "month"
    )
    step = controls.choose(page, "step", names, label=say("Step"), usual=usual)
    playing = playback.playing()
    st.button(
        say("Pause") if playing else say("Play"),
        icon=":material/pause:" if playing else ":material/play_arrow:",
        on_click=playback.toggle,
    )
    st.button(
        "",
        icon=":material/replay:",
        help=say("Show the whole period"),
        key="whole",
        on_click=playback.stop,
    )


def stage() -> None:
    """The map and its slider; while playing, each run of this fragment is one step."""
    moments = playback.steps(page, step)
    was_playing = playback.playing()
    playback.advance(moments)
    now = playback.at(moments)
    if kernel:
        layer = playback.density(page, now)
    elif now is None:
        layer = board.layer(measure, level)
    else:
        layer = playback.areas(page, measure.key, level, step, now)
    drill.show_map(page, layer, key="heat", height=controls.MAP_OVER_CHART_HEIGHT)
    playback.slider(page, moments, key=f"time.{step}.{view.area}")
    if was_playing and not playback.playing():
        st.rerun()


st.fragment(run_every=playback.SECONDS_A_STEP if playing else None)(stage)()
