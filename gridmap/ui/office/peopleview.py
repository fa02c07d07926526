"""People of an area: users with their roles, offices with their members, named chiefs and
places that lack one.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.codes import level_of
from gridmap.model import Level, UserRole
from gridmap.ui import tables
from gridmap.ui.frame import Page
from gridmap.ui.office import userpick


def show(page: Page) -> None:
    """Chiefs, users, offices."""
    area = userpick.area(page)
    people = page.city.people.users(area, lang=page.lang)
    active = people[people["active"]]
    chiefs(page, area, active)
    left, right = st.columns([1.25, 1])
    with left:
        users(page, active)
    with right:
        offices(page, area, active)


def users(page: Page, active: pd.DataFrame) -> None:
    """Everybody who signs in, by role."""
    say = page.say
    st.subheader(say.plural("{n} user", "{n} users", len(active)))
    roles = [role.value for role in UserRole if (active["role"] == role.value).any()]
    chosen = st.multiselect(
        say("Role"),
        roles,
        format_func=lambda role: say(terms.USER_ROLES[role]),
        key="people.roles",
        placeholder=say("All roles"),
        label_visibility="collapsed",
    )
    shown = active[active["role"].isin(chosen)] if chosen else active
    shown = shown.assign(
        person=[page.person(int(number)) for number in shown["id"]],
        what=[say(terms.USER_ROLES[role]) for role in shown["role"]],
    )
    tables.show(
        shown,
        {
            "person": tables.text(say("Name")),
            "what": tables.text(say("Role")),
            "office_name": tables.text(say("Office")),
            "area_name": tables.text(say("Answers for")),
            "phone": tables.text(say("Telephone")),
        },
        key="people.users",
        say=say,
        height=420,
    )


def offices(page: Page, area: int, active: pd.DataFrame) -> None:
    """Desks and departments, with how many work there."""
    say = page.say
    found = page.city.people.offices(area=area)
    members = active["office"].value_counts()
    st.subheader(say.plural("{n} office", "{n} offices", len(found)))
    found = found.assign(
        called=found["name" if page.lang == "zh" else "name_en"],
        what=[say(terms.OFFICE_KINDS[kind]) for kind in found["kind"]],
        members=found["id"].map(members).fillna(0).astype("int64"),
    )
    tables.show(
        found,
        {
            "called": tables.text(say("Office"), width=190),
            "what": tables.text(say("Kind"), width=125),
            "members": tables.count(say("People")),
            "phone": tables.text(say("Telephone")),
        },
        key="people.offices",
        say=say,
        height=464,
    )


def chiefs(page: Page, area: int, active: pd.DataFrame) -> None:
    """Named chiefs by level: of how many places each level has, how many have one; places
    without one are listed.
    """
    say, city = page.say, page.city
    led = set(active.loc[active["role"] == UserRole.CHIEF.value, "area"].astype("int64"))
    levels = [level for level in Level if level >= max(level_of(area), Level.COUNTY)]
    st.subheader(say("Named chiefs"))
    vacant: list[int] = []
    for column, level in zip(st.columns(len(levels)), levels, strict=True):
        codes = places(page, area, level)
        lacking = [code for code in codes if code not in led]
        vacant += lacking
        with column:
            st.metric(
                say(terms.LEVELS[level]),
                f"{say.exact(len(codes) - len(lacking))} / {say.exact(len(codes))}",
                say.plural("{n} without a chief", "{n} without a chief", len(lacking))
                if lacking
                else None,
                delta_color="off",
                delta_arrow="off",
                border=True,
            )
    if vacant:
        with st.expander(say("Places without a chief")):
            tables.show(
                pd.DataFrame(
                    {"place": [city.places.path(code, page.lang) for code in vacant]}
                ),
                {"place": tables.text()},
                key="people.vacant",
                say=say,
            )


def places(page: Page, area: int, level: Level) -> list[int]:
    """The codes of `level` in `area`."""
    if level_of(area) is level:
        return [area]
    codes = [area]
    while level_of(codes[0]) < level:
        codes = [
            int(child)
            for code in codes
            for child in page.city.places.children(code)["code"]
        ]
    return codes
