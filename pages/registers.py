"""Registers: the records of every kind that has no page of its own."""

from __future__ import annotations

from gridmap.ui import frame
from gridmap.ui.records import registers

HERE = "pages/registers.py"

page = frame.current()
frame.head(
    page, page.say("Registers of {place}", place=page.place), here=HERE, period=False
)
registers.show(page)
