"""The whistle ladder on a page: where matters are solved, how long they travel up, ratings,
hand-offs that go wrong.
"""

from __future__ import annotations

from gridmap.ui import controls
from gridmap.ui.controls import Parts
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import handoffsview, ladderview
from gridmap.words import mark

PARTS: Parts = {
    "ladder": (mark("Ladder"), ladderview.ladder),
    "pingpong": (mark("Back and forth"), handoffsview.pingpong),
    "unclocked": (mark("Without a clock"), handoffsview.unclocked),
}


def show(page: Page) -> None:
    """The part chosen."""
    controls.parts(page, PARTS, key="whistles.part")(page)
