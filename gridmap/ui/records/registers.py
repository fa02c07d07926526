"""The page of registers: which kind of record is shown, and its records."""

from __future__ import annotations

import streamlit as st

from gridmap.cases.registry import PLAIN
from gridmap.ui import controls
from gridmap.ui.frame import Page
from gridmap.ui.records import page as records


def show(page: Page) -> None:
    """The register chosen; the first until one is."""
    say = page.say
    names = {kind.name: say(kind.title) for kind in PLAIN}
    if not names:
        st.text(say("No register is kept here yet."))
        return
    chosen = controls.choose(page, "register", names, label=say("Register"))
    records.show(page, page.city.records[chosen])
