"""Coverage: where nobody is responsible, where nobody looks, and what to act on first."""

from __future__ import annotations

import streamlit as st

from gridmap.city.look.gaps import GAPS
from gridmap.model import Level
from gridmap.ui import controls, frame
from gridmap.ui.board import Board
from gridmap.ui.look import gaps

HERE = "pages/coverage.py"

page = frame.current(counted=True, by_time=False)
say = page.say
board = Board(page, "gaps", today=True, lacks=True)

frame.head(
    page,
    say("Gaps in coverage in {place}, as they stand today", place=page.place),
    here=HERE,
    period=False,
    plan=True,
)
with st.container(key="gap-kinds"):
    gap = board.choose(GAPS, "kind", label=say("Kind of gap"), counts=True)

left, right = st.columns([1.62, 1])
with right:
    level = controls.level(page, usual=Level.GRID, menu=130)
    st.text(board.sentence(gap))
    board.cases(gap)
with left:
    board.show(gap, level)
gaps.vacancies(board, level)
