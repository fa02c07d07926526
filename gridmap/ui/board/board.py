"""`Board`: declared figures on a page: chosen, in a sentence, on a map, as a table of places, as
ranked bars, as the cases behind them. What differs between pages is said where a board is
made.
"""

from __future__ import annotations

from collections.abc import Iterable

from gridmap.city.base.figure import Figure
from gridmap.city.headquarters.figures import MATTERS
from gridmap.model import Level
from gridmap.ui import controls, drill
from gridmap.ui.board import bars, layers, lists
from gridmap.ui.board.asking import Asking
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.words import NONE


class Board(Asking):
    """The board of a page."""

    def names(self, figures: Iterable[Figure], *, counts: bool = False) -> dict[str, str]:
        """Figures (key → name) for a control; with `counts` short, and how many each counts."""
        say, listed = self.page.say, list(figures)
        if not counts:
            return {figure.key: say(figure.name) for figure in listed}
        table = self.together(listed)
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

    def sentence(self, figure: Figure) -> str:
        """How many of how many, and what is counted."""
        say = self.page.say
        total = self.total(figure)
        share = total.numerator / total.denominator if total.denominator else None
        of = say(
            "{count} of {all} {unit} ({share}).",
            count=say.exact(total.numerator),
            all=say.exact(total.denominator),
            unit=say(figure.unit),
            share=NONE if share is None else say.percent(share),
        )
        about = figure.told(say, self.page.city.settings)
        return f"{of} {about}" if say.lang == "en" else of + about

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
        """The map of a figure, to be shown."""
        return layers.layer(self, figure, level)

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
        """Figures side by side by place; see `lists.places`."""
        lists.places(
            self,
            figures,
            level,
            by=by,
            least_first=least_first,
            some=some,
            height=height,
        )

    def cases(self, figure: Figure, *, height: int = 480) -> None:
        """What is behind a figure; see `lists.cases`."""
        lists.cases(self, figure, height=height)

    def bars(
        self,
        figure: Figure,
        level: Level,
        *,
        key: str,
        nothing: str,
        median: bool = False,
    ) -> None:
        """The places of `level` as bars; see `bars.draw`."""
        bars.draw(self, figure, level, key=key, nothing=nothing, median=median)


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
