"""Tasks from above: visits, checks and law popularisation, asked of grids, and how far they are."""

from __future__ import annotations

from gridmap.ui import frame
from gridmap.ui.town import taskpage

HERE = "pages/tasks.py"

page = frame.current()
frame.head(
    page,
    page.say("Tasks given to the grids of {place}", place=page.place),
    here=HERE,
    period=False,
)
taskpage.show(page)
