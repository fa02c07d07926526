"""The wall: the overview dark and large, without controls, refreshing by itself; the last
good data when that fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gridmap.ui import figures, frame, screen
from gridmap.ui.board import Board
from gridmap.ui.frame import Page
from gridmap.ui.look import attention
from gridmap.ui.view import LEVELS

LINES = 7
"""Places that fit below the figures in type to be read from afar."""


@dataclass(frozen=True, eq=False)
class Picture(screen.Picture):
    """Everything the wall shows at one moment."""

    figures: list[Any]
    lines: list[str]


def show(page: Page, here: str) -> None:
    """The wall; Escape, or the address without `screen=wall`, leads back."""
    screen.Screen("wall", 0.57, Picture, _picture, _beside).show(page, here)


def _beside(page: Page, picture: Picture, trouble: str) -> None:
    figures.show(page, picture.figures, dark=True)
    screen.lines([trouble, *picture.lines][:LINES] if trouble else picture.lines)


def _picture(page: Page) -> Picture:
    say, view = page.say, page.view
    figure = page.city.figures.get(view.measure or "per_100_households")
    level = LEVELS.get(view.level) or page.city.figures.finest(view.selection)
    layer = Board(page, "wall", wall=True).layer(figure, level)
    title = " · ".join(
        [page.place, say.period(view.start, view.end), frame.freshness(page)]
    )
    found = attention.found(page, LINES)
    lines = [
        say("{name}: {why}", name=name, why=why)
        for name, why in zip(found["name"], found["why"], strict=True)
    ]
    return Picture(title, layer, page.city.overview.headline(view.selection), lines)
