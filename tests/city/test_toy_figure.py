"""A figure nobody knew before, declared on the test town: every answer and the whole board
follow from its declaration.
"""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import streamlit as st
import town
from streamlit.testing.v1 import AppTest

from gridmap.city import City
from gridmap.city.base.figure import Column, Figure
from gridmap.city.look.figures import Figures
from gridmap.city.registry import FIGURES
from gridmap.insight import counts
from gridmap.model import Level
from gridmap.ui import maps
from gridmap.ui.board import Board
from gridmap.ui.frame import Page
from gridmap.ui.session import begin
from gridmap.ui.view import View
from gridmap.words import Words


def per_grid(ask):
    return np.asarray(counts.by_grid(ask.data.facts, ask.mask)) == 0


def empty(ask):
    return {"empty": ask.total(per_grid(ask).astype(int)), "grids": ask.places.sizes}


def empty_cases(ask):
    rows = np.flatnonzero(per_grid(ask))
    codes = ask.data.grids.codes[rows]
    inside = np.isin(codes, ask.below(Level.GRID).codes)
    households = ask.data.grids.households[rows]
    return pd.DataFrame({"code": codes, "households": households})[inside]


TOY = Figure(
    "empty",
    "Grids without a report",
    empty,
    "empty",
    "grids",
    "share",
    unit="grids",
    decimals=1,
    scheme="lack",
    short="Empty",
    about="Grids that reported nothing in the period.",
    cases=empty_cases,
    columns=(Column("households", "Households"),),
)


@pytest.fixture(scope="module")
def toy_city(town_settings):
    opened = City.open(town_settings)
    declared = [*FIGURES.values(), TOY]
    opened.figures = Figures(
        opened._desk, opened.places, declared, partial(getattr, opened)
    )
    yield opened
    opened.close()


def test_one_declaration_answers_per_place_over_time_and_with_its_cases(toy_city):
    month, figures = toy_city.default_selection(30), toy_city.figures
    assert figures.whole(["empty"], month)[
        ["numerator", "denominator"]
    ].to_numpy().tolist() == [[1, 16]]
    places = figures.per_place("empty", month, Level.TOWNSHIP)
    assert places["numerator"].sum() == 1
    assert (places["low"] <= places["rate"]).all()
    assert (places["rate"] <= places["high"]).all()
    drawn = figures.values("empty", month, Level.GRID)
    share = pd.Series(drawn.values, index=drawn.codes)
    assert share[share > 0].index.tolist() == [town.SILENT]
    assert figures.marked("empty", month).sum() == 1
    weeks = figures.over_time("empty", month, "week")
    assert weeks["start"].iloc[0] == month.start
    assert weeks["end"].iloc[-1] == month.end
    assert (weeks["denominator"] == 16).all()
    assert (weeks["numerator"] >= 1).all()
    assert figures.cases("empty", month)["code"].tolist() == [town.SILENT]


def page_of(city, language="en"):
    month = city.default_selection(30)
    usual = View(language, month.start, month.end)
    view = begin(usual, today=city.today, areas=city.places.known, categories=())
    return Page(city, Words(view.lang), view)


def draw(city):
    board = Board(page_of(city), "toy", lacks=True)
    shown = [TOY, city.figures.get("without_worker")]
    figure = board.choose(shown, "kind", label="Counted", counts=True)
    st.text(board.sentence(figure))
    board.cases(figure)
    board.show(figure, Level.TOWNSHIP, height=300)
    board.bars(figure, Level.TOWNSHIP, key="toy.bars", nothing="Nothing")
    board.places(shown, Level.TOWNSHIP, by=figure)


def script(draw, city):
    draw(city)


def test_the_board_draws_it_and_a_choice_is_kept(toy_city, monkeypatch):
    layers = []
    monkeypatch.setattr(maps, "show", lambda layer, **_how: layers.append(layer))
    app = AppTest.from_function(script, args=(draw, toy_city), default_timeout=60).run()
    assert not app.exception, app.exception
    words = [element.value for element in app.text]
    assert words[0].startswith("1 of 16 grids (6.2%). Grids that reported nothing")
    assert app.button_group(key="page.kind").options[0] == "Empty 1"
    assert app.dataframe(key=f"toy.empty.{toy_city.code}").value["households"].tolist() == [
        250
    ]
    assert layers[-1].title == "Empty"
    shown = pd.Series(layers[-1].values, index=layers[-1].codes)
    assert sorted(shown) == [0.0, 0.0, 0.0, 25.0]
    places = app.dataframe(key="toy.places").value.set_index("code")["empty"]
    assert places.tolist() == sorted(shown, reverse=True)
    app.button_group(key="page.kind").set_value("without_worker").run()
    assert app.session_state["gridmap.view"].kind == "without_worker"
    assert app.text[0].value.startswith("1 of 16 grids")
    assert layers[-1].title == "No worker"
