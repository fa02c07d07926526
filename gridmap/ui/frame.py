"""The frame of every page: side bar, breadcrumb, one sentence on what is shown, and how old
the data is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx

from gridmap import terms
from gridmap.calendar import to_epoch
from gridmap.cases.actors import NOBODY, Actor
from gridmap.city.base.basis import Basis
from gridmap.city.base.desk import Lang
from gridmap.city.city import City
from gridmap.codes import ancestors, level_of, parent
from gridmap.errors import GridmapError, InputError
from gridmap.model import Level
from gridmap.store.people.people import User
from gridmap.ui import city as cities
from gridmap.ui import session, sidebar, signin, theme
from gridmap.ui.session import Key
from gridmap.ui.view import OF_TIME, View, period_of, to_url
from gridmap.words import Words, language, plain

_LOG = logging.getLogger(__name__)
ICON = Path(__file__).with_name("icon.png")
PATH = " › "
DEMONSTRATION_PLAN = "演示网格"
OVERVIEW_PAGE = "pages/overview.py"
GRID_PAGE = "pages/grid.py"
OF_ONE_THING = frozenset({GRID_PAGE, session.MATTER_PAGE, session.INBOX_PAGE})
"""Pages that do not follow the area of the view: who chooses a place there goes on where
they were before.
"""
STALE_AFTER_S = 24 * 3600
"""A city reports thousands of times a day: a day without any means that data has stopped coming."""


@dataclass(frozen=True)
class Page:
    """What a page works with; `actor` is nobody in particular and `user` None while nobody
    is signed in.
    """

    city: City
    say: Words
    view: View
    actor: Actor = NOBODY
    user: User | None = None

    @property
    def lang(self) -> Lang:
        """The page's language."""
        return self.say.lang

    @property
    def place(self) -> str:
        """The name of the area shown."""
        return self.name(self.view.area)

    def inside(self, path: str) -> str:
        """The part of a path (county › … › grid) that lies below the area shown, or its
        last name.
        """
        parts = path.split(PATH)
        return PATH.join(parts[len(ancestors(self.view.area)) - 1 :]) or parts[-1]

    def name(self, code: int) -> str:
        """The name of a place in the page's language."""
        return self.city.places.name(code, self.lang)

    def field(self, name: str) -> str:
        """What a field is called everywhere; see `terms.FIELDS`."""
        return self.say(terms.FIELDS[name])

    def person(self, user: int) -> str:
        """The name of a user in the page's language; "" for nobody."""
        return signin.person(self.city.people.name(user), self.say)


def start() -> Page:
    """Open the city and this person's view of it; draw the side bar. Once a run, before the
    page itself.
    """
    settings = cities.settings()
    chosen = st.session_state.get(Key.VIEW)
    lang = chosen.lang if chosen else language(settings.language, st.context.locale)
    city = cities.open_city(settings, say=Words(lang))
    first, last = period_of("30", city.today)
    view = session.begin(
        View(lang, first, last),
        today=city.today,
        areas=city.places.known,
        categories=city.category_paths(),
    )
    if not city.places.known(view.area):  # a grid that the plan in force has no more
        session.change(area=parent(view.area))
        view = session.now()
    page = Page(city, Words(view.lang), view, *signin.present(city))
    session.tell()
    if view.screen != "wall":
        theme.page()
        sidebar.show(
            city,
            view,
            actor=page.actor,
            user=page.user,
            say=page.say,
            open_area=open_area,
            plan_name=plan_name,
        )
    return page


@contextmanager
def guarded(say: Words) -> Iterator[None]:
    """Show what went wrong in the page's words: a foreseen error as it is, any other one
    only as a fact.
    """
    try:
        yield
    except InputError as error:
        st.error(
            say(
                "This cannot be shown as asked. Change the choice in the side bar, or open "
                "the page anew."
            )
        )
        st.text("\n".join(str(fault) for fault in error.faults))
    except GridmapError as error:
        st.error(say("This cannot be shown just now."))
        st.text(str(error))
    except Exception:  # noqa: BLE001  (whatever it is, it belongs into the log, not onto a wall)
        _LOG.exception("A page failed.")
        st.error(
            say(
                "Something went wrong here; the server's log has the details. Reload, or "
                "choose another page."
            )
        )


def current(*, counted: bool = False, by_time: bool = True) -> Page:
    """The page's own view of what `start` opened; `counted`: its figures follow the plan
    chosen in the side bar.

    Without `by_time` the plan in force stands in for "the plan of its time": what stands
    today has but one plan.
    """
    if PagesManager.uses_pages_directory:
        _through_the_front_door()
    view = session.now()
    say = Words(view.lang)
    city = cities.open_city(cities.settings(), say=say)
    who = signin.present(city)
    basis = _basis(city, view) if counted else Basis()
    shown = city.under(basis if by_time or not basis.stored else Basis())
    return Page(shown if shown.places.known(view.area) else city, say, view, *who)


def _basis(city: City, view: View) -> Basis:
    """What figures are counted under; a link to a plan this city does not have shows the
    plan in force.
    """
    if view.basis == OF_TIME:
        return Basis(stored=True)
    known = not view.plan or view.plan in city.plans()["id"].tolist()
    if not known:
        st.session_state.setdefault(Key.IGNORED, []).append("plan")
        session.change(plan=0)
    return Basis(view.plan if known else 0)


def counted_by(page: Page) -> str:
    """Which plan the figures of a page are counted under, in words."""
    say, city = page.say, page.city
    if city.basis.stored:
        return say("each report in the grid it was filed under, by the plan of its time")
    name = plan_name(city, city.plan.name, say)
    if city.basis.plan:
        return say(
            "reports put into the grids of the plan “{name}” of {day}",
            name=name,
            day=city.plan.valid_from,
        )
    return say("by the plan in force “{name}”", name=name)


def _through_the_front_door() -> NoReturn:
    """Run the application instead of this page alone.

    Until somebody has run it, Streamlit takes the folder `pages` for a list of applications
    of their own, so that the first link followed on a new server would open a page without
    its frame.
    """
    context = get_script_run_ctx()
    PagesManager.uses_pages_directory = False
    if context is None:
        raise RerunException(RerunData())
    asked = context.pages_manager
    raise RerunException(
        RerunData(
            query_string=context.query_string,
            page_script_hash=asked.intended_page_script_hash or "",
            page_name=asked.intended_page_name or "",
            context_info=context.context_info,
        )
    )


def open_area(code: int) -> None:
    """Show the area `code`: where one is, or on the grid page when it is a grid."""
    session.change(area=code)
    st.session_state[Key.GO] = (
        GRID_PAGE if level_of(code) is Level.GRID else st.session_state.get(Key.RETURN_TO)
    )


def head(
    page: Page,
    sentence: str,
    *,
    here: str,
    period: bool = True,
    area: int = 0,
    plan: bool = False,
) -> None:
    """Breadcrumb, `sentence` with its period and filters, age of the data; `here` is the
    page's own path.

    `period` is left out where a page shows how things stand today; `area` is the place the
    page is about where that is not the area of the view; with `plan` it says which plan it
    is counted by although it has no period.
    """
    follow(here)
    say, city = page.say, page.city
    with st.container(key="head"):
        with st.container(horizontal=True, key="trail", vertical_alignment="center"):
            trail = city.places.breadcrumb(area or page.view.area, say.lang)
            for code, name in trail[:-1]:
                st.button(
                    plain(name),
                    key=f"trail.{code}",
                    type="tertiary",
                    on_click=open_area,
                    args=(code,),
                )
                st.text("›")
            if area and area != page.view.area:
                code, name = trail[-1]
                st.button(
                    plain(name),
                    key=f"trail.{code}",
                    type="tertiary",
                    on_click=open_area,
                    args=(code,),
                )
            else:
                st.markdown(f"**{plain(trail[-1][1])}**")
        told = [
            sentence,
            *([what(page)] if period else []),
            *([counted_by(page)] if period or plan else []),
        ]
        st.caption(" · ".join(plain(part) for part in [*told, *_notes(page)]))
        _complain(page)


def follow(here: str) -> None:
    """Follow a click that leads to another page, now that the run may switch."""
    target = st.session_state.pop(Key.GO, None)
    if here not in OF_ONE_THING:
        st.session_state[Key.RETURN_TO] = here
    elif here != GRID_PAGE:
        st.session_state.setdefault(Key.RETURN_TO, OVERVIEW_PAGE)
    if target and target != here:
        st.switch_page(target, query_params=to_url(session.now()))


def _notes(page: Page) -> list[str]:
    say, city = page.say, page.city
    notes = [freshness(page)]
    if city.demonstration:
        notes.append(say("demonstration: boundaries below county are generated"))
    return notes


def freshness(page: Page) -> str:
    """How old the data is, in words when it is too old."""
    say, city = page.say, page.city
    if not city.as_of:
        return say("no reports yet")
    age_s = to_epoch(city.clock.now()) - city.as_of
    if age_s > STALE_AFTER_S:
        days = age_s // 86_400
        return say.plural(
            "no new data for {n} day; the last is of {time}",
            "no new data for {n} days; the last is of {time}",
            days,
            time=say.moment(city.as_of),
        )
    return say("data as of {time}", time=say.moment(city.as_of))


def _complain(page: Page) -> None:
    ignored = st.session_state.get(Key.IGNORED)
    if ignored:
        st.warning(
            page.say(
                "The link asks for something this city does not have ({names}); it is "
                "shown without that.",
                names=page.say.listing(sorted(set(ignored))),
            )
        )
        st.session_state[Key.IGNORED] = []


def plan_name(city: City, name: str, say: Words) -> str:
    """The name of a plan as its makers wrote it; the demonstration's own in the page's language."""
    return (
        say("Demonstration") if city.demonstration and name == DEMONSTRATION_PLAN else name
    )


def what(page: Page) -> str:
    """Place, period, categories and states of the view, as the sentence of a page says them."""
    say, view = page.say, page.view
    paths = page.city.category_paths(say.lang)
    kinds = say.listing(
        [paths[code][-1] for code in view.categories if code in paths]
    ) or say("all categories")
    return say(
        "{period}, {categories}, {states}",
        period=say.period(view.start, view.end),
        categories=kinds,
        states=say.listing([say(terms.STATUSES[name]) for name in view.statuses])
        or say("all states"),
    )
