"""Device keys of a user: made, shown this once, revoked."""

from __future__ import annotations

import streamlit as st

from gridmap.ui import notices, refusals, tables
from gridmap.ui.frame import Page
from gridmap.ui.office import userpick
from gridmap.ui.session import Key


def show(page: Page) -> None:
    """Whose keys; the list; a new one."""
    say = page.say
    st.text(
        say(
            "A device key lets a phone or another system report and work as its user. Only "
            "its digest is kept."
        )
    )
    user = userpick.show(page, say("Whose keys"), key="keys.user")
    _shown_once(page)
    if not user:
        st.text(say("Choose a user to see and to make keys."))
        return
    left, right = st.columns([1.5, 1])
    with left:
        listed(page, user)
    with right:
        make(page, user)


def _shown_once(page: Page) -> None:
    """The key just made: shown in this run and never again."""
    key = st.session_state.pop(Key.NEW_KEY, "")
    if key:
        st.success(
            page.say("The new key: copy it into the device now, it is not shown again.")
        )
        st.code(key, language=None)


def listed(page: Page, user: int) -> None:
    """The keys there are; one in force can be revoked."""
    say = page.say
    found = page.city.keys.listed(user)
    if found.empty:
        st.text(say("No key yet."))
        return
    found = found.assign(
        places=[
            say.listing([page.name(code) for code in codes]) or say("the user's own")
            for codes in found["areas"]
        ],
        made=tables.moments(found["made_at"]),
        used=tables.moments(found["used_at"]),
        revoked=tables.moments(found["revoked_at"]),
    )
    tables.show(
        found,
        {
            "label": tables.text(),
            "places": tables.text(say("Places")),
            "made": tables.moment(),
            "used": tables.moment(say("Last used")),
            "revoked": tables.moment(say("Revoked")),
        },
        key=f"keys.{user}",
        say=say,
    )
    valid = found[found["revoked_at"].fillna(0) == 0]
    names = dict(zip(valid["id"].astype(int).tolist(), valid["label"], strict=True))
    if not names:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            say("Key"),
            list(names),
            format_func=names.__getitem__,
            key=f"keys.{user}.revoke",
        )
        revoked = st.button(say("Revoke it"), key=f"keys.{user}.revoke.do")
    if revoked and chosen:
        with refusals.caught(page):
            page.city.keys.revoke(page.actor, int(chosen))
            notices.done(say("The key has been revoked: it opens nothing any more."))


def make(page: Page, user: int) -> None:
    """The form for a new key."""
    say = page.say
    st.subheader(say("Make a key"))
    with st.form(f"keys.{user}.form", border=False):
        label = st.text_input(
            say("Which device it is for"), max_chars=60, key=f"keys.{user}.label"
        )
        areas = _areas(page, user)
        sent = st.form_submit_button(say("Make the key"), type="primary")
    if sent:
        with refusals.caught(page):
            st.session_state[Key.NEW_KEY] = page.city.keys.make(
                page.actor, user, label=label, areas=areas
            )
            st.rerun()


def _areas(page: Page, user: int) -> list[int]:
    """Places the key is bound to: those of the user and one level below; none: the user's own."""
    own = page.city.people.actor(user).areas
    codes = [
        *own,
        *(int(code) for area in own for code in page.city.places.children(area)["code"]),
    ]
    return st.multiselect(
        page.say("Only in these places"),
        codes,
        format_func=lambda code: page.city.places.path(code, page.lang) or page.name(code),
        key=f"keys.{user}.areas",
        placeholder=page.say("Wherever the user may report"),
    )
