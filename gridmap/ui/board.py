"""`Board`: declared figures on a page: chosen, on a map, as a table of places, as ranked bars,
as the cases behind them, in a sentence. What differs between pages is said where a board is
made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.city.base.figure import Column, Figure
from gridmap.city.headquarters.figures import MATTERS
from gridmap.insight.selection import Selection
from gridmap.model import Level
from gridmap.names import person
from gridmap.ui import charts, colours, controls, drill, tables
from gridmap.ui import city as cities
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.words import NONE, mark

MOST_ROWS, MOST_BARS = 300, 22
SHRUNKEN = mark(
    "Bar: share drawn towards the mean of all, the more the less was counted; beside it as "
    "counted."
)
INTERVAL = mark(
    "Thin line: 95% interval. Places whose lines overlap much can hardly be told apart."
)
UNMARKED = "#ece9ee"


@dataclass(frozen=True)
class Board:
    """The board of a page; `key` names its map and tables.

    `today`: as things stand today, whatever period is chosen. `lacks`: figures are what is
    lacking, so that maps mark grids yes or no and colour larger places by their share.
    `narrow`: what every question is narrowed to. `wall`: dark, and short in words. `title`:
    what the map is called where the figure's name does not say what the page counts.
    """

    page: Page
    key: str
    today: bool = False
    lacks: bool = False
    wall: bool = False
    title: str = ""
    narrow: Mapping[str, Any] = field(default_factory=dict)

    def asked(self, area: int | None = None) -> Selection:
        """The question about `area`, by default the one shown."""
        page = self.page
        place = page.view.area if area is None else area
        if self.today:
            return page.city.figures.today(place)
        return page.view.selection.within(place)

    # choosing

    def names(self, figures: Iterable[Figure], *, counts: bool = False) -> dict[str, str]:
        """Figures (key → name) for a control; with `counts` short, and how many each counts."""
        say, listed = self.page.say, list(figures)
        if not counts:
            return {figure.key: say(figure.name) for figure in listed}
        table = self._whole(listed)
        return {
            figure.key: f"{say(figure.brief)} {say.exact(number)}"
            for figure, number in zip(listed, table["numerator"], strict=True)
        }

    def choose(
        self,
        figures: Iterable[Figure],
        field: str,
        *,
        label: str,
        menu: int = 0,
        counts: bool = False,
    ) -> Figure:
        """The figure shown, by `field` of the view, so that links carry it."""
        names = self.names(figures, counts=counts)
        chosen = controls.choose(self.page, field, names, label=label, menu=menu)
        return self.page.city.figures.get(chosen)

    # what is counted, in words

    def sentence(self, figure: Figure) -> str:
        """How many of how many, and what is counted."""
        say = self.page.say
        row = self.whole(figure)
        share = row["numerator"] / row["denominator"] if row["denominator"] else None
        of = say(
            "{count} of {all} {unit} ({share}).",
            count=say.exact(row["numerator"]),
            all=say.exact(row["denominator"]),
            unit=say(figure.unit),
            share=NONE if share is None else say.percent(share),
        )
        about = figure.told(say, self.page.city.settings)
        return f"{of} {about}" if say.lang == "en" else of + about

    def whole(self, figure: Figure) -> dict[str, Any]:
        """Numerator, denominator and value of the area shown."""
        (row,) = self._whole([figure]).to_dict("records")
        return {str(name): value for name, value in row.items()}

    def _whole(self, figures: Iterable[Figure]) -> pd.DataFrame:
        keys = [figure.key for figure in figures]
        return self.page.city.figures.whole(keys, self.asked(), **self.narrow)

    # the map

    def show(
        self,
        figure: Figure,
        level: Level,
        *,
        height: int | str = controls.MAP_HEIGHT,
        at_least: Level = Level.COUNTY,
    ) -> None:
        """The map of a figure; a click opens the place under the pointer."""
        layer = self.layer(figure, level)
        drill.show_map(self.page, layer, key=self.key, height=height, at_least=at_least)

    def layer(self, figure: Figure, level: Level) -> MapLayer:
        """The map of a figure: the whole city in its colours, the area shown outlined and in
        view.

        The whole city stays coloured, so that a place is seen against its surroundings and
        on the same scale.
        """
        page, city = self.page, self.page.city
        title = figure.brief if self.lacks else figure.name
        if figure.mapped:
            figure = city.figures.get(figure.mapped)
            title = figure.name
        elif self.lacks and level is Level.GRID:
            return self._marked(figure)
        share = self.lacks and bool(figure.base)
        drawn = city.figures.values(
            figure.key,
            self.asked(city.code),
            level,
            share=share,
            classes=5 if self.wall else 6,
            **self.narrow,
        )
        return MapLayer(
            cities.package(city),
            level=level,
            codes=drawn.codes,
            values=drawn.values,
            breaks=drawn.breaks,
            colours=colours.classed(figure.scheme, drawn.breaks, dark=self.wall),
            title=self.title or page.say(title),
            unit=self._unit(figure, share=share),
            **where(page),
        )

    def _marked(self, figure: Figure) -> MapLayer:
        """Grids yes or no."""
        page, package = self.page, cities.package(self.page.city)
        name = page.say(figure.brief)
        marked = page.city.figures.marked(
            figure.key, self.asked(page.city.code), **self.narrow
        )
        return MapLayer(
            package,
            codes=package.codes,
            values=marked.astype(float),
            breaks=(0.0, 1.0, 2.0),
            colours=(UNMARKED, colours.scheme(figure.scheme, 6)[4]),
            labels=(page.say("no gap"), name),
            title=name,
            **where(page),
        )

    def _unit(self, figure: Figure, *, share: bool) -> str:
        """The unit in the legend; on a wall the name of a rate says it already."""
        if share:
            return self.page.say("%")
        if self.wall and figure.shows == "rate":
            return ""
        return self.page.say(figure.shown_unit) if figure.shown_unit else ""

    # tables

    def places(
        self,
        figures: Iterable[Figure],
        level: Level,
        *,
        by: Figure,
        least_first: bool = False,
        some: Figure | None = None,
        height: int = 300,
    ) -> None:
        """Figures side by side by place, the most (or the least) of `by` on top, places
        without any value before them; only those with `some`. A row opens its place.
        """
        page, listed = self.page, list(figures)
        table = page.city.figures.table(
            [figure.key for figure in listed],
            self.asked(),
            max(level, page.view.area_level),
            lang=page.lang,
            **self.narrow,
        )
        if some is not None:
            table = table[table[some.key] > 0]
        table = table.sort_values(
            [by.key, "code"],
            ascending=[least_first, True],
            na_position="first",
            ignore_index=True,
        )
        tables.show(
            table,
            {"name": tables.text(page.say("Place"), width=150)}
            | {figure.key: self._column(figure) for figure in listed},
            key=f"{self.key}.places",
            say=page.say,
            height=height,
            on_pick=drill.opener(),
        )

    def bars(
        self,
        figure: Figure,
        level: Level,
        *,
        key: str,
        nothing: str,
        median: bool = False,
    ) -> None:
        """The places of `level` as bars, the highest first, with intervals and their median;
        a click opens one; `nothing` is said when there is none.
        """
        page, say = self.page, self.page.say
        level = min(level, figure.finest)
        table = page.city.figures.per_place(
            figure.key, self.asked(), level, lang=page.lang, **self.narrow
        )
        drawn = "rate" if "rate" in table else "value"
        ranked = table[np.isfinite(table["value"])].sort_values(
            [drawn, "code"], ascending=[False, True], ignore_index=True
        )
        if ranked.empty:
            st.text(nothing)
            return
        top = ranked.head(MOST_BARS).assign(value=ranked[drawn])
        top["label"] = [
            self._label(figure, row) for row in ranked.head(len(top)).to_dict("records")
        ]
        middle = float(ranked["value"].median()) if median else None
        what = say(terms.LEVELS[level])
        self._told(what, len(ranked))
        charts.show(
            charts.ranked(
                top,
                say=say,
                unit=say(figure.shown_unit),
                median=middle,
                median_label=self._median(figure, middle),
            ),
            ranked,
            key=f"{key}.{figure.key}.{page.view.area}",
            say=say,
            alt_text=f"{say(figure.name)}, {what}",
            on_pick=drill.opener(),
        )
        if drawn == "rate":
            st.caption(say(SHRUNKEN))
        st.caption(say(INTERVAL))

    def _label(self, figure: Figure, row: dict[Any, Any]) -> str:
        """What is beside a bar: what was counted."""
        if figure.shows == "share":
            return self.page.say.share(row["numerator"], row["denominator"])
        return self.page.say.exact(row["value"], figure.decimals)

    def _median(self, figure: Figure, middle: float | None) -> str:
        if middle is None:
            return ""
        page = self.page
        value = page.say.exact(middle, figure.decimals)
        return page.say("median of {place}: {value}", place=page.place, value=value)

    def _told(self, what: str, number: int) -> None:
        """Which places are shown, and of how many."""
        say = self.page.say
        if number <= MOST_BARS:
            st.text(say("{places}, highest first", places=what))
            return
        every = say.exact(number)
        st.text(
            say("{places}: the {n} highest of {all}", places=what, n=MOST_BARS, all=every)
        )

    def _column(self, figure: Figure) -> Any:
        """The column of a figure, with its whole name for help where its head is short."""
        say = self.page.say
        help_ = say(figure.name) if figure.short else None
        if figure.shows in {"share", "change"}:
            return tables.share(say(figure.brief), help=help_)
        return tables.count(say(figure.brief), help=help_, digits=figure.decimals)

    def cases(self, figure: Figure, *, height: int = 480) -> None:
        """What is behind a figure, at most `MOST_ROWS`, the first to act on on top; a row
        opens its place.
        """
        page = self.page
        table = page.city.figures.cases(
            figure.key, self.asked(), lang=page.lang, limit=MOST_ROWS, **self.narrow
        )
        if table.empty:
            st.text(page.say("No gap of this kind here. Nothing to do."))
            return
        table["path"] = [page.inside(path) for path in table["path"]]
        for column in figure.columns:
            table[column.field] = _words(page, column, table[column.field])
        tables.show(
            table,
            {"path": tables.text(page.say("Place"), width="medium")}
            | {column.field: _heading(page, column) for column in figure.columns},
            key=f"{self.key}.{figure.key}.{page.view.area}",
            say=page.say,
            height=height,
            on_pick=drill.opener(),
        )


def show_matters(
    page: Page,
    matters: Iterable[int],
    level: Level,
    *,
    key: str,
    title: str,
    height: int | str,
) -> None:
    """The map of where the matters of a list lie, by their numbers."""
    board = Board(page, key, title=title, narrow={"matters": tuple(matters)})
    board.show(MATTERS, level, height=height)


def where(page: Page) -> dict[str, Any]:
    """Which place a map outlines and shows: nothing outlined and all in view for the whole city."""
    city, area = page.city, page.view.area
    if area == city.code:
        return {}
    return {"selected": area, "bounds": city.places.bounds(area)}


def _heading(page: Page, column: Column) -> Any:
    name = page.say(column.name)
    if column.kind == "tenth":
        return tables.count(name, digits=1)
    if column.kind == "day":
        return tables.day(name)
    if column.kind == "flag":
        return tables.flag(name)
    return tables.count(name) if column.kind == "count" else tables.text(name)


def _words(page: Page, column: Column, values: pd.Series) -> Any:
    """Numbers that stand for words as these, names of people romanised in English."""
    if column.kind == "level":
        return [page.say(terms.LEVELS[Level(number)]) for number in values]
    if column.kind == "person":
        return [person(name, page.lang) for name in values]
    return values
