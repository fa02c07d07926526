"""The form of a report: where, what, whether it is known already, in one's own words; sent
once however often.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.cases.actors import Actor
from gridmap.city.flow.newmatter import NewMatter
from gridmap.model import Channel, Status
from gridmap.ui import categorypick, refusals, upload
from gridmap.ui.flow import drafts, placepick, receipts
from gridmap.ui.frame import Page
from gridmap.words import plain

MAP_HEIGHT = "max(26rem, calc(100vh - 15rem))"
LONGEST_TEXT = 2000
LONGEST_LINE = 200
MOST_NEAR = 5
PRIVATE = ("D", "S", "P")
"""Classes of people's own matters (disputes, services, advice): strangers are not told what
others reported.
"""


def show(page: Page, key: str, *, actor: Actor, channel: Channel) -> None:
    """The form, or the receipt of what was sent from it."""
    draft = drafts.of(key)
    if draft.receipt is not None:
        receipts.handed_out(page, key, *draft.receipt)
        return
    here = f"{key}.{draft.round}"
    left, right = st.columns([1.45, 1])
    with right:
        st.subheader(page.say("1. Where is it?"))
        placepick.search(page, key)
        _where(page, key)
        st.subheader(page.say("2. What is it?"))
        category = categorypick.show(page, here)
        near = _near(page, key, category, actor)
        parent = _known(page, here, near)
        st.subheader(page.say("3. In your own words"))
        _form(
            page, key, here, category=category, parent=parent, actor=actor, channel=channel
        )
    with left:
        placepick.show_map(page, key, height=MAP_HEIGHT, near=near)


def _where(page: Page, key: str) -> None:
    say, draft = page.say, drafts.of(key)
    place = placepick.told(page, key)
    if place:
        st.text(f"{place}  ({draft.lon:.5f}, {draft.lat:.5f})")
        st.caption(say("Another click on the map moves the pin."))
    elif draft.around:
        st.text(
            say(
                "The map shows {place}. Click the very spot.", place=page.name(draft.around)
            )
        )
    else:
        st.text(say("Click the spot on the map, or look for a place by its name."))


def _near(page: Page, key: str, category: str, actor: Actor) -> pd.DataFrame | None:
    """Open matters of this kind near by: as `city.matters.duplicates`; None where they are
    not told.
    """
    draft = drafts.of(key)
    if (
        not category
        or draft.lon is None
        or draft.lat is None
        or not page.city.places.at(draft.lon, draft.lat)
    ):
        return None
    root = str(page.city.categories().set_index("code")["class"].get(category, ""))
    if not actor.user and root[:1].upper() in PRIVATE:
        return None
    found = page.city.matters.duplicates(category, draft.lon, draft.lat, at=page.city.now_s)
    is_open = [Status(status).is_open for status in found["status"]]
    return found[is_open].head(MOST_NEAR).reset_index(drop=True)


def _known(page: Page, here: str, near: pd.DataFrame | None) -> int | None:
    """The matter this report adds to, 0 for a new one, None while that is open."""
    if near is None or near.empty:
        return 0
    say = page.say
    st.subheader(say("Already reported?"))
    st.text(say("Matters of this kind are open near by; the numbers stand on the map."))
    options = [0, *(int(matter) for matter in near["matter"])]
    labels = {0: say("No, this is a new one")}
    notes = [""]
    for number, row in enumerate(near.to_dict("records"), start=1):
        labels[int(row["matter"])] = say(
            "Yes, it is no. {number}: {distance} m away, reported {time}",
            number=number,
            distance=say.number(row["distance_m"]),
            time=say.time(row["reported_at"]),
        )
        status = terms.STATUSES[Status(row["status"]).name.lower()]
        words = plain(str(row["text"] or "")[:120])
        notes.append(" · ".join(part for part in (say(status), words) if part))
    chosen: int | None = st.radio(
        say("Already reported?"),
        options,
        index=None,
        format_func=labels.__getitem__,
        captions=notes,
        key=f"{here}.known",
        label_visibility="collapsed",
    )
    return chosen


def _form(
    page: Page,
    key: str,
    here: str,
    *,
    category: str,
    parent: int | None,
    actor: Actor,
    channel: Channel,
) -> None:
    say = page.say
    with st.form(f"{here}.form", border=False):
        text = st.text_area(
            say("What did you see?"),
            max_chars=LONGEST_TEXT,
            key=f"{here}.text",
            height=80,
            placeholder=say("What is wrong, since when, is it dangerous?"),
        )
        left, right = st.columns(2)
        address = left.text_input(
            say("Address or landmark (optional)"),
            max_chars=LONGEST_LINE,
            key=f"{here}.address",
        )
        contact = right.text_input(
            say("Your contact (optional)"), max_chars=LONGEST_LINE, key=f"{here}.contact"
        )
        st.caption(_on_contact(page))
        picture = upload.photo(page, f"{here}.photo")
        sent = st.form_submit_button(say("Send report"), type="primary")
    if not sent:
        return
    draft = drafts.of(key)
    missing = _missing(page, key, category, parent)
    if missing:
        st.error(say("Please put this right:"))
        st.text("\n".join(missing))
        return
    new = {
        "category": category,
        "lon": draft.lon,
        "lat": draft.lat,
        "text": text.strip(),
        "address": address.strip(),
        "contact": contact.strip(),
        "channel": channel,
        "parent": parent or 0,
    }
    with refusals.caught(page):
        drafts.change(key, receipt=(_send(page, key, actor, new, picture), category))
        st.rerun()


def _on_contact(page: Page) -> str:
    return page.say(
        "A name or telephone number, only if you want to be asked back. Who handles the "
        "matter sees it, nobody else; "
        "it is deleted {days} days after the matter is closed.",
        days=page.city.settings.contact_days,
    )


def _missing(page: Page, key: str, category: str, parent: int | None) -> list[str]:
    say = page.say
    checks = {
        say("Choose the place on the map."): bool(placepick.told(page, key)),
        say("Choose what it is."): bool(category),
        say("Say whether it is one of the matters reported already."): parent is not None,
    }
    return [words for words, done in checks.items() if not done]


def _send(page: Page, key: str, actor: Actor, new: dict[str, Any], picture: Any) -> Any:
    """Hand the report in; the same content goes under the same number, so that it is one matter."""
    data = picture.getvalue() if picture is not None else b""
    digest = hashlib.sha256(data).hexdigest() if data else ""
    number = drafts.client_id(key, new, digest)
    photos: tuple[int, ...] = ()
    if data:
        photos = (page.city.photos.add(actor, data, client_id=f"{number}-photo").id,)
    return page.city.reporting.report(
        actor, NewMatter(**new, photos=photos, client_id=number)
    )
