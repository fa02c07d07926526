"""The whistle ladder on a page: where matters are solved, how long they travel up, ratings,
hand-offs that go wrong.
"""

from __future__ import annotations

from gridmap.ui import controls
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import handoffsview, ladderview

KEY = "whistles"


def parts(page: Page) -> str:
    """Which part of the page is open."""
    say = page.say
    names = {
        "ladder": say("Ladder"),
        "pingpong": say("Back and forth"),
        "unclocked": say("Without a clock"),
    }
    return controls.part(page, names, key=f"{KEY}.part", usual="ladder")


def show(page: Page, part: str) -> None:
    """The part chosen."""
    {
        "ladder": ladderview.ladder,
        "pingpong": handoffsview.pingpong,
        "unclocked": handoffsview.unclocked,
    }[part](page)
