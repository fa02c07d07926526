"""Who acts on the pages: the demonstration's sign-in in the side bar, kept in the session,
and standing in for others.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gridmap import names, terms
from gridmap.cases.actors import NOBODY, Actor
from gridmap.city.city import City
from gridmap.errors import ForbiddenError, NotFoundError
from gridmap.store.people.people import User
from gridmap.ui.session import Key
from gridmap.words import Words, plain


def offered(city: City) -> bool:
    """Whether roles may be taken without proof: on a demonstration city that has not
    switched it off.
    """
    return city.demonstration and city.settings.demo_sign_in


def present(city: City) -> tuple[Actor, User | None]:
    """The actor and the user of this session; nobody when none is signed in, or the sign-in
    holds no longer.

    Only the session tells who it is: nothing in an address signs anybody in.
    """
    number = st.session_state.get(Key.USER, 0)
    if not number or not offered(city):
        return NOBODY, None
    try:
        user = city.people.user(number)
        return _acting(city, user), user
    except (NotFoundError, ForbiddenError):
        sign_out()
        return NOBODY, None


def _acting(city: City, user: User) -> Actor:
    absent = st.session_state.get(Key.INSTEAD_OF, 0)
    if absent:
        try:
            return city.people.actor(user.id, instead_of=absent)
        except (NotFoundError, ForbiddenError):
            st.session_state[Key.INSTEAD_OF] = 0
    return city.people.actor(user.id)


def sign_in(city: City, user: int) -> None:
    """Act as one of the demonstration's users from the next run on; anybody else is refused."""
    if offered(city) and user in city.people.demo_users()["id"].tolist():
        st.session_state[Key.USER] = int(user)
        st.session_state[Key.INSTEAD_OF] = 0


def sign_out() -> None:
    """Act as nobody from the next run on."""
    st.session_state[Key.USER] = 0
    st.session_state[Key.INSTEAD_OF] = 0


def show(city: City, actor: Actor, user: User | None, *, say: Words) -> None:
    """The part of the side bar that tells who is signed in, or offers the demonstration's roles."""
    with st.container(key="signin", gap="xxsmall"):
        if user is None:
            _offer(city, say)
            return
        st.text(person(user.name, say))
        place = (
            city.people.office_name(user.office, say.lang)
            if user.office
            else city.places.name(user.area, say.lang)
        )
        st.caption(plain(" · ".join([say(terms.USER_ROLES[user.role.value]), place])))
        _stand_in(city, actor, user, say)
        st.button(
            say("Sign out"),
            key="signout",
            type="tertiary",
            icon=":material/logout:",
            on_click=sign_out,
        )


def ask(city: City, *, say: Words) -> None:
    """Say that nobody is signed in, and what to do about it."""
    st.text(say("Nobody is signed in."))
    if offered(city):
        st.text(
            say(
                "Choose a role of the demonstration in the side bar; the maps can be read without."
            )
        )


def person(name: str, say: Words) -> str:
    """A person's name as the language writes it."""
    return names.person(name, say.lang)


def _offer(city: City, say: Words) -> None:
    table = city.people.demo_users(say.lang) if offered(city) else pd.DataFrame()
    if table.empty:
        return
    names = {
        int(number): " · ".join(
            [say(terms.USER_ROLES[role]), office or area, person(name, say)]
        )
        for number, role, office, area, name in zip(
            table["id"],
            table["role"],
            table["office_name"],
            table["area_name"],
            table["name"],
            strict=True,
        )
    }
    st.session_state[Key.SIGN_IN] = None
    st.selectbox(
        say("Sign in (demonstration)"),
        list(names),
        format_func=names.__getitem__,
        key=Key.SIGN_IN,
        placeholder=say("Choose a role"),
        help=say(
            "Everybody here is made up: take any role, without a password. A real city "
            "does not offer this."
        ),
        on_change=lambda: sign_in(city, st.session_state[Key.SIGN_IN] or 0),
    )


def _stand_in(city: City, actor: Actor, user: User, say: Words) -> None:
    """Whom the user may act for just now, where somebody is absent."""
    table = city.absences.standing_in_for(user.id)
    if table.empty:
        return
    names = {0: say("myself")}
    for number, name, role in zip(
        table["id"].tolist(), table["name"], table["role"], strict=True
    ):
        names[int(number)] = f"{person(name, say)} · {say(terms.USER_ROLES[role])}"
    st.session_state[Key.STAND_IN] = actor.instead_of if actor.instead_of in names else 0
    st.selectbox(
        say("Acting for"),
        list(names),
        format_func=names.__getitem__,
        key=Key.STAND_IN,
        on_change=_act_for,
    )


def _act_for() -> None:
    st.session_state[Key.INSTEAD_OF] = int(st.session_state[Key.STAND_IN] or 0)
