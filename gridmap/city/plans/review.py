"""`Review`: a draft is submitted, and a second person approves it or sends it back; who
drew may not approve.
"""

from __future__ import annotations

from datetime import date

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.plans.drafts import LONGEST_WORDS, NO_WORDS, SAY_IT, Drafts
from gridmap.city.plans.drawings import Drawings
from gridmap.errors import Fault, ForbiddenError, InputError, RefusedError
from gridmap.model import UserRole
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans.drafts import Draft
from gridmap.words import mark

NOTHING_DRAWN = mark("Nothing is drawn in this draft yet.")
NOT_SUBMITTED = mark("This draft has not been submitted.")
BEHIND = mark(
    "Another plan has been put in force meanwhile. Bring the draft up to it first."
)
NOT_SECOND = mark(
    "A plan is approved by a second person: another planner, or a chief or commander of the area."
)
YOU_DREW = mark("Who drew or submitted a draft may not approve it.")
NO_REASON = mark("Say what is to be changed.")
_JUDGES = frozenset({UserRole.PLANNER, UserRole.CHIEF, UserRole.COMMANDER})


class Review:
    """From draft to approved; who decides, and what they say."""

    def __init__(self, desk: Desk, *, drafts: Drafts, drawings: Drawings) -> None:
        self._desk = desk
        self._drafts = drafts
        self._drawings = drawings

    def submit(self, actor: Actor, draft: Draft) -> Draft:
        """Hand a draft in for review. Raises ForbiddenError, RefusedError when it is empty
        or behind, StaleError.
        """
        self._drafts.check_edits(actor, draft)
        if not draft.head:
            raise RefusedError(NOTHING_DRAWN)
        if self._drawings.behind(draft):
            raise RefusedError(BEHIND)
        now = self._desk.now_s
        with self._desk.store.write() as connection:
            store_drafts.release(connection, draft.id)
            return store_drafts.change(
                connection,
                draft,
                at=now,
                state=store_drafts.SUBMITTED,
                submitted_by=actor.user,
                submitted_at=now,
                decision=None,
            )

    def withdraw(self, actor: Actor, draft: Draft) -> Draft:
        """Take a submitted or approved draft back to draw on. Raises ForbiddenError,
        RefusedError, StaleError.
        """
        if not self._drafts.may_draw(actor) or not self._drafts.belongs(actor, draft):
            raise ForbiddenError(NOT_SECOND)
        if draft.state not in {store_drafts.SUBMITTED, store_drafts.APPROVED}:
            raise RefusedError(NOT_SUBMITTED)
        with self._desk.store.write() as connection:
            return store_drafts.change(
                connection,
                draft,
                at=self._desk.now_s,
                state=store_drafts.DRAFT,
                effective=None,
            )

    def against_judging(self, actor: Actor, draft: Draft) -> str:
        """Why `actor` may not decide on a submitted draft; "" when they may."""
        if actor.role is UserRole.SYSTEM:
            return ""
        if actor.role not in _JUDGES or not all(
            actor.covers(grid) for grid in self._drafts.drawn_on(draft)
        ):
            return NOT_SECOND
        return YOU_DREW if actor.persons & self._drawers(draft) else ""

    def approve(
        self, actor: Actor, draft: Draft, *, effective: date | None = None, words: str = ""
    ) -> Draft:
        """Approve a submitted draft, to be in force from `effective` on (default: when it
        is published).

        Raises ForbiddenError, RefusedError, InputError (a day that is past), StaleError.
        """
        self._check_judges(actor, draft)
        today = self._desk.today
        if effective is not None and effective < today:
            cure = mark("Choose today or a later day.")
            raise InputError(
                Fault(
                    rule=mark("a day that is past"),
                    field="day",
                    value=str(effective),
                    cure=cure,
                )
            )
        return self.decide(actor, draft, store_drafts.APPROVED, words, effective=effective)

    def send_back(self, actor: Actor, draft: Draft, words: str) -> Draft:
        """Return a submitted draft with what is to be changed. Raises as `approve` does."""
        self._check_judges(actor, draft)
        if not words.strip():
            raise InputError(Fault(rule=NO_WORDS, field="reason", cure=NO_REASON))
        return self.decide(actor, draft, store_drafts.RETURNED, words)

    def decide(
        self,
        actor: Actor,
        draft: Draft,
        state: str,
        words: str,
        effective: date | None = None,
    ) -> Draft:
        """Write a decision down, whoever made it. Raises InputError, StaleError."""
        if len(words.strip()) > LONGEST_WORDS:
            raise InputError(Fault(rule=NO_WORDS, field="reason", cure=SAY_IT))
        now = self._desk.now_s
        with self._desk.store.write() as connection:
            return store_drafts.change(
                connection,
                draft,
                at=now,
                state=state,
                decided_by=actor.user,
                decided_at=now,
                decision=words.strip() or None,
                effective=effective,
            )

    def _check_judges(self, actor: Actor, draft: Draft) -> None:
        if draft.state != store_drafts.SUBMITTED:
            raise RefusedError(NOT_SUBMITTED)
        if why := self.against_judging(actor, draft):
            raise ForbiddenError(why)
        if self._drawings.behind(draft):
            raise RefusedError(BEHIND)

    def _drawers(self, draft: Draft) -> set[int]:
        drew = {step.by for step in self._drafts.path(draft)}
        return {draft.owner, draft.submitted_by, *drew} - {0}
