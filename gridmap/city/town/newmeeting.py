"""`NewMeeting`: a first meeting as it is recorded, and everything that can be wrong with a
meeting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gridmap.calendar import DAY_S
from gridmap.cases.deliberations import ROLES, Act, Kind, Order
from gridmap.cases.texts import LONGEST_LINE, LONGEST_TEXT, text_faults
from gridmap.codes import level_of
from gridmap.errors import Fault
from gridmap.model import Level
from gridmap.words import mark

MOST_PROPOSALS, MOST_PRESENT, MOST_NOTICE_DAYS = 20, 5_000, 60
LATEST_S = 366 * DAY_S

NO_PLACE = mark("Not a village or grid of the city")
GIVE_PLACE = mark("Choose a village or a grid in the side bar.")
NO_KIND = mark("Not a kind of meeting")
GIVE_KIND = mark("Choose one from the list.")
NO_TITLE = mark("No matter to talk over")
GIVE_TITLE = mark("Say in a few words what is talked over; no names of persons.")
NOBODY = mark("Nobody is present")
NAME_ROLES = mark("Say who is present, by role and number.")
BAD_PROPOSALS = mark("Not a list of proposals")
GIVE_PROPOSALS = mark(
    "Give one to 20 proposals, one a line; a decision is taken on at least one."
)
NO_NOTICE = mark("A decision without public notice")
GIVE_NOTICE = mark("Give 1 to 60 days on which it is on public notice.")
NO_FOLLOW_UP = mark("Not a day of follow-up")
GIVE_FOLLOW_UP = mark("Give a day after the public notice, within a year.")
NO_RESUMING = mark("Adjourned without a day on which it goes on")
GIVE_RESUMING = mark(
    "Give a decision, or a day ahead, within a year, on which the meeting goes on."
)
NO_WORDS = mark("No words")
GIVE_WORDS = mark("Say it in a few words.")


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A deliberation with its first `meeting` (see `cases.deliberations.Order`) about
    `matters`, by number.
    """

    area: int
    kind: str
    title: str
    meeting: Order
    matters: tuple[int, ...] = ()
    client_id: str = ""


def faults_of(new: NewMeeting, *, known: bool, now: int) -> Iterator[Fault]:
    """Everything wrong with `new` at `now`, but for its matters; `known`: there is such a place."""
    if not known or level_of(new.area) < Level.VILLAGE:
        yield Fault(rule=NO_PLACE, field="area", value=str(new.area), cure=GIVE_PLACE)
    if new.kind not in set(Kind):
        yield Fault(rule=NO_KIND, field="kind", value=new.kind, cure=GIVE_KIND)
    if not new.title.strip():
        yield Fault(rule=NO_TITLE, field="title", cure=GIVE_TITLE)
    yield from text_faults("title", new.title, LONGEST_LINE)
    yield from order_faults(new.meeting, now=now)


def order_faults(order: Order, *, now: int) -> Iterator[Fault]:
    """Everything wrong with `order` at `now`, but for its matter."""
    yield from text_faults("words", order.words, LONGEST_TEXT)
    if order.act is Act.MEET:
        yield from _meeting_faults(order, now)
    elif order.act in {Act.OBJECT, Act.FOLLOW_UP}:
        if not order.words.strip():
            yield Fault(rule=NO_WORDS, field="words", cure=GIVE_WORDS)
        if order.act is Act.OBJECT:
            yield from _resuming(order, now)


def _meeting_faults(order: Order, now: int) -> Iterator[Fault]:
    present = sum(order.roles.values())
    if (
        not set(order.roles) <= set(ROLES)
        or not 0 < present <= MOST_PRESENT
        or min(order.roles.values()) < 0
    ):
        yield Fault(rule=NOBODY, field="roles", value=str(present), cure=NAME_ROLES)
    proposals = [one for one in order.proposals if one.strip()]
    if len(proposals) > MOST_PROPOSALS or (order.decision.strip() and not proposals):
        yield Fault(
            rule=BAD_PROPOSALS,
            field="proposals",
            value=str(len(proposals)),
            cure=GIVE_PROPOSALS,
        )
    for proposal in proposals:
        yield from text_faults("proposals", proposal, LONGEST_LINE)
    yield from text_faults("decision", order.decision, LONGEST_TEXT)
    if not order.decision.strip():
        yield from _resuming(order, now)
        return
    if not 1 <= order.notice_days <= MOST_NOTICE_DAYS:
        yield Fault(
            rule=NO_NOTICE,
            field="notice_days",
            value=str(order.notice_days),
            cure=GIVE_NOTICE,
        )
    elif not now + order.notice_days * DAY_S < order.follow_up_at <= now + LATEST_S:
        yield Fault(
            rule=NO_FOLLOW_UP,
            field="follow_up_at",
            value=str(order.follow_up_at),
            cure=GIVE_FOLLOW_UP,
        )


def _resuming(order: Order, now: int) -> Iterator[Fault]:
    if not now < order.resume_at <= now + LATEST_S:
        yield Fault(
            rule=NO_RESUMING,
            field="resume_at",
            value=str(order.resume_at or ""),
            cure=GIVE_RESUMING,
        )
