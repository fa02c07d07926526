"""Matter: one matter: what and where it is, whose move it is, what may be done, what happened."""

from __future__ import annotations

import streamlit as st

from gridmap.errors import ForbiddenError, NotFoundError
from gridmap.ui import frame, session, signin
from gridmap.ui.flow import matterpage
from gridmap.ui.town import matterlinks, meetingsview

HERE = session.MATTER_PAGE

page = frame.current()
city, say, view = page.city, page.say, page.view

try:
    dossier = city.matters.get(page.actor, view.matter)
except (ForbiddenError, NotFoundError) as error:
    frame.head(page, say("One matter at close range"), here=HERE, period=False)
    if page.user is None:
        signin.ask(city, say=say)
    elif isinstance(error, ForbiddenError):
        st.warning(say("A matter is shown to who reported it and to who works on it."))
    else:
        if view.matter:
            st.warning(say("There is no matter with this number."))
        st.text(say("Choose one in the inbox or in the list of all matters."))
    st.stop()

frame.head(
    page,
    matterpage.sentence(page, dossier),
    here=HERE,
    period=False,
    area=dossier.case.grid,
)
lines = city.matters.journal(view.matter)
matterpage.steps(page, dossier, lines)
left, right = st.columns([1.45, 1], gap="medium")
with right:
    matterpage.clock(page, dossier)
    matterpage.moves(page, dossier)
with left:
    matterpage.about(page, dossier)
    matterlinks.show(page, dossier)
    meetingsview.of_matter(page, dossier.case.matter, dossier.number, dossier.case.grid)
    matterpage.where(page, dossier)
    matterpage.photos(page, dossier)
    matterpage.duplicates(page, dossier)
    matterpage.journal(page, lines)
