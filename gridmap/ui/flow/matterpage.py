"""The parts of one matter's page: what and where it is, its clock, whose move it is, what
may be done, its journal.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from gridmap import terms
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.errors import GridmapError
from gridmap.model import Level, Status
from gridmap.ui import city as cities
from gridmap.ui import clocks, drill, session, signin, tables
from gridmap.ui.flow import moveform, stepper, timeline
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.words import NONE, plain

MAP_HEIGHT = "clamp(17rem, 34vh, 48rem)"
MARGIN = 0.6
"""How much of the grid's own extent is shown around it."""
PHOTOS_A_ROW = 4
KEY = "matter"


def sentence(page: Page, dossier: Any) -> str:
    """Category, state and case number in one line."""
    say, status = page.say, dossier.case.status
    number = dossier.number or say("taken over with an import")
    return " · ".join(
        [
            " › ".join(_category(page, dossier)),
            say(terms.STATUSES[status.name.lower()]),
            number,
        ]
    )


def steps(page: Page, dossier: Any, journal: Any) -> None:
    """The seven links with their times, and what the line cannot show: parked, sent back,
    reopened.
    """
    say, case = page.say, dossier.case
    rated = journal[journal["move"] == Act.EVALUATE.value]["at"]
    stepper.show(case, evaluated_at=int(rated.max()) if len(rated) else 0, say=say)
    marks = [
        say("Parked since {time}", time=say.time(case.parked_at))
        if case.status is Status.PARKED
        else "",
        say("Voided") if case.status is Status.VOIDED else "",
        say("Not accepted") if case.status is Status.REJECTED else "",
        say.plural(
            "sent back for rework once", "sent back for rework {n} times", case.reworks
        )
        if case.reworks
        else "",
        say.plural("reopened once", "reopened {n} times", case.reopened)
        if case.reopened
        else "",
        say.plural("supervised once", "supervised {n} times", case.supervised)
        if case.supervised
        else "",
        say("rated {rating} of 5", rating=case.rating) if case.rating else "",
    ]
    told = [mark for mark in marks if mark]
    if told:
        st.text(" · ".join(told))


def about(page: Page, dossier: Any) -> None:
    """The words of the report, how it came, and the reporter's contact for who may see it."""
    say = page.say
    st.subheader(plain(_category(page, dossier)[-1]), anchor=False)
    st.text(dossier.text or say("No words were written."))
    rows = [
        (say("Reported"), say.moment(dossier.case.reported_at)),
        (say("By way of"), say(terms.CHANNELS[dossier.channel])),
        (say("Address"), dossier.address),
        (say("Contact of the reporter"), dossier.contact),
        (say("Case number"), dossier.number),
        (say("Receipt number"), dossier.receipt),
    ]
    _pairs([(name, value) for name, value in rows if value])


def _category(page: Page, dossier: Any) -> tuple[str, ...]:
    code: str = dossier.category_code
    return page.city.category_paths(page.lang).get(code, (code,))


def where(page: Page, dossier: Any) -> None:
    """The grid among its neighbours and the point in it; a click opens a grid."""
    west, south, east, north = page.city.places.bounds(dossier.case.grid)
    across, up = (east - west) * MARGIN, (north - south) * MARGIN
    layer = MapLayer(
        cities.package(page.city),
        level=Level.GRID,
        selected=dossier.case.grid,
        bounds=(west - across, south - up, east + across, north + up),
        pins=((dossier.lon, dossier.lat, 0),),
    )
    drill.show_map(page, layer, key="matter", height=MAP_HEIGHT, at_least=Level.GRID)


def photos(page: Page, dossier: Any) -> None:
    """The pictures, a row of them."""
    if not dossier.photos:
        return
    st.subheader(page.say("Photos"))
    numbers = list(dossier.photos)
    for first in range(0, len(numbers), PHOTOS_A_ROW):
        row = numbers[first : first + PHOTOS_A_ROW]
        for column, number in zip(st.columns(PHOTOS_A_ROW), row, strict=False):
            with column:
                try:
                    st.image(page.city.photos.read(page.actor, number)[0])
                except GridmapError:
                    st.caption(page.say("This photo cannot be shown."))


def clock(page: Page, dossier: Any) -> None:
    """What is left of both limits, since when the step runs, and whose move it is."""
    say, case, now = page.say, dossier.case, page.city.now_s
    rows = [
        (say("Whose move"), clocks.whose_move(page, case.status, case.office, case.person))
    ]
    if case.status.is_open:
        rows.append((say("In this state since"), say.time(case.since)))
        rows.append((say("Limit of this step"), _limit(page, case.step_due_at, now)))
        rows.append((say("Limit of the matter"), _limit(page, case.due_at, now)))
    if case.status is Status.PARKED:
        rows.append((say("Clock"), say("stands still while it is parked")))
    if case.extension_by:
        asked = say(
            "until {time}, asked for by {person}",
            time=say.time(case.extension_until),
            person=page.person(case.extension_by),
        )
        rows.append((say("Extension"), asked))
    if case.closed_at:
        late = bool(case.due_at) and case.closed_at > case.due_at
        rows.append(
            (
                say("Closed"),
                say.time(case.closed_at)
                + " · "
                + (say("late") if late else say("in time")),
            )
        )
    rows += _whistle(page, case)
    _pairs(rows)


def _limit(page: Page, due_at: int, now: int) -> str:
    return (
        f"{clocks.left(due_at, now, page.say)} · {page.say.time(due_at)}"
        if due_at
        else NONE
    )


def _whistle(page: Page, case: Case) -> list[tuple[str, str]]:
    """How the latest whistle stands: from whom to whom, answered in time or not, judged, rated."""
    blown, say, people = case.whistle, page.say, page.city.people
    if blown is None:
        return []
    way = (
        f"{people.office_name(blown.from_office, page.lang)} → "
        f"{people.office_name(blown.to_office, page.lang)}"
    )
    rows = [(say("Whistle"), f"{way} · {say.time(blown.at)}")]
    if not blown.heeded_at:
        rows.append(
            (
                say("Answer"),
                say("due: {limit}", limit=_limit(page, blown.due_at, page.city.now_s)),
            )
        )
        return rows
    told = [
        say.time(blown.heeded_at),
        say("in time")
        if not blown.due_at or blown.heeded_at <= blown.due_at
        else say("late"),
        say("judged apt") if blown.apt else say("judged not apt"),
        say("rated {rating} of 5", rating=blown.rating)
        if blown.rating
        else say("not rated yet"),
    ]
    rows.append((say("Answer"), " · ".join(told)))
    return rows


def moves(page: Page, dossier: Any) -> None:
    """What the person signed in may do now, as a form."""
    say = page.say
    st.subheader(say("What to do"))
    if page.user is None:
        signin.ask(page.city, say=say)
        return
    moveform.show(
        page, dossier, page.city.matters.possible(page.actor, dossier.case.matter), KEY
    )


def duplicates(page: Page, dossier: Any) -> None:
    """Matters of the same class near by, offered for linking; a click opens one."""
    say, case = page.say, dossier.case
    if case.parent:
        st.button(
            say("It repeats another matter: open that one"),
            key="matter.parent",
            type="tertiary",
            on_click=session.open_matter,
            args=(case.parent,),
        )
    found = page.city.matters.duplicates(
        dossier.category_code,
        dossier.lon,
        dossier.lat,
        at=case.reported_at,
        exclude=case.matter,
    )
    if found.empty:
        return
    found["state"] = [
        say(terms.STATUSES[Status(int(number)).name.lower()]) for number in found["status"]
    ]
    found["left"] = [f"{say.exact(metres)} m" for metres in found["distance_m"]]
    found["reported"] = [say.time(at) for at in found["reported_at"]]
    st.subheader(say("The same kind near by: perhaps the same thing"))
    tables.show(
        found,
        {
            "number": tables.text(),
            "left": tables.text(say("Away")),
            "reported": tables.text(),
            "state": tables.text(),
            "text": tables.text(say("Words of the report, as written"), width="large"),
        },
        key=f"duplicates.{case.matter}",
        say=say,
        on_pick=lambda row: session.open_matter(int(row["matter"])),
        offer=False,
    )


def journal(page: Page, lines: Any) -> None:
    """Everything that happened, newest first."""
    st.subheader(page.say("What happened so far"))
    timeline.show(page, lines)


def _pairs(rows: list[tuple[str, str]]) -> None:
    """Names and values in two columns; the values may be people's text."""
    with st.container(gap=None):
        for name, value in rows:
            left, right = st.columns([1, 2.6], gap="small")
            left.caption(plain(name))
            right.text(value)
