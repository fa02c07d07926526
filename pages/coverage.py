"""Coverage: where nobody is responsible, where nobody looks, and what to act on first."""

from __future__ import annotations

import streamlit as st

from gridmap.model import Level
from gridmap.ui import controls, drill, frame, tables
from gridmap.ui.look import gaps

HERE = "pages/coverage.py"

page = frame.current(counted=True, by_time=False)
city, say, view = page.city, page.say, page.view

frame.head(
    page,
    say("Gaps in coverage in {place}, as they stand today", place=page.place),
    here=HERE,
    period=False,
    plan=True,
)
summary = city.coverage.summary(view.area)
with st.container(key="gap-kinds"):
    kind = controls.choose(
        page, "kind", gaps.names(page, summary), label=say("Kind of gap")
    )

left, right = st.columns([1.62, 1])
with right:
    level = controls.level(page, usual=Level.GRID, menu=130)
    st.text(gaps.sentence(page, summary, kind))
    table = gaps.listed(page, kind)
    if table.empty:
        st.text(say("No gap of this kind here. Nothing to do."))
    else:
        tables.show(
            table,
            gaps.columns(kind, say),
            key=f"gaps.{kind}.{view.area}",
            say=say,
            height=480,
            on_pick=drill.opener(),
        )
with left:
    drill.show_map(
        page, gaps.layer(page, kind, level), key="gaps", height=controls.MAP_HEIGHT
    )
gaps.vacancies(page, level)
