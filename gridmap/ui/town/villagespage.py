"""The page of village work: the clean-up of contracts and deliberations, each on the map,
in figures and as a list.
"""

from __future__ import annotations

import streamlit as st

from gridmap.codes import parent
from gridmap.model import Level
from gridmap.ui import controls, notices
from gridmap.ui.frame import Page
from gridmap.ui.town import contractsview, meetingform, meetingsview, newcontract

KEY = "villages"
PART, NEXT = f"{KEY}.part", f"{KEY}.next"


def show(page: Page) -> None:
    """The part chosen."""
    say, area = page.say, page.view.area
    names = {"contracts": say("Contract clean-up"), "meetings": say("Deliberations")}
    if page.city.contracts.may_add(page.actor, of_village(page)):
        names["list"] = say("List a contract")
    if page.city.deliberations.may_add(page.actor, area):
        names["record"] = say("Record a meeting")
    if following := st.session_state.pop(NEXT, ""):
        st.session_state[PART] = following
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        part = controls.part(page, names, key=PART, usual=_usual(page))
        st.space("stretch")
        level = Level.VILLAGE
        if part in {"contracts", "meetings"}:
            (contractsview if part == "contracts" else meetingsview).filters(page)
            if page.view.area_level < Level.VILLAGE:
                level = min(
                    controls.level(page, usual=_finest(page), menu=130), Level.VILLAGE
                )
    notices.show()
    if part == "list" and part in names:
        newcontract.show(page)
    elif part == "record" and part in names:
        meetingform.first(page)
    elif part == "meetings":
        meetingsview.show(page, level)
    else:
        contractsview.show(page, level)


def of_village(page: Page) -> int:
    """The area shown; of a grid its village, because villages have contracts and meetings."""
    area = page.view.area
    return parent(area, Level.VILLAGE) if page.view.area_level is Level.GRID else area


def _usual(page: Page) -> str:
    return "meetings" if page.view.deliberation else "contracts"


def _finest(page: Page) -> Level:
    """Villages inside a county, townships above."""
    return (
        Level.TOWNSHIP
        if page.view.area_level is Level.CITY
        else min(Level.VILLAGE, page.view.area_level.below)
    )
