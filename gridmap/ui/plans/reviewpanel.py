"""Handing a draft in, deciding on it, putting it in force, taking the plan in force back."""

from __future__ import annotations

from datetime import date

import streamlit as st

from gridmap import terms
from gridmap.model import UserRole
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans.drafts import Draft
from gridmap.ui import refusals, tables
from gridmap.ui.frame import Page, plan_name
from gridmap.words import plain


def show(page: Page, draft: Draft) -> None:
    """Where the draft stands, what can be done next, and the plans there were."""
    _stands(page, draft)
    _acts(page, draft)
    _plans(page)


def _stands(page: Page, draft: Draft) -> None:
    say = page.say
    st.markdown(f"**{plain(say(terms.DRAFT_STATES[draft.state]))}**")
    if draft.submitted_at:
        told = say(
            "Submitted by {name}, {time}",
            name=page.person(draft.submitted_by),
            time=say.time(draft.submitted_at),
        )
        st.caption(plain(told))
    if draft.decided_at:
        name = page.person(draft.decided_by) or say(terms.USER_ROLES[UserRole.SYSTEM.value])
        st.caption(
            plain(
                say("Decided by {name}, {time}", name=name, time=say.time(draft.decided_at))
            )
        )
    if draft.decision:
        st.text(draft.decision)
    if draft.state == store_drafts.APPROVED and draft.effective:
        st.caption(say("To be in force from {day} on.", day=draft.effective.isoformat()))
    if draft.plan:
        st.caption(say("In force as plan {number}.", number=draft.plan))


def _acts(page: Page, draft: Draft) -> None:
    say, city, actor = page.say, page.city, page.actor
    if city.drafts.may_edit(actor, draft):
        st.caption(
            say(
                "A second person looks at it: another planner, or a chief or commander of the area."
            )
        )
        if st.button(
            say("Submit for review"),
            key="review.submit",
            type="primary",
            disabled=not draft.head,
        ):
            with refusals.caught(page):
                city.review.submit(actor, draft)
                st.rerun(scope="fragment")
    if draft.state == store_drafts.SUBMITTED:
        _decide(page, draft)
    waits = draft.state in {
        store_drafts.SUBMITTED,
        store_drafts.APPROVED,
    } and city.drafts.may_draw(actor)
    if waits and st.button(
        say("Take it back to draw on"), key="review.withdraw", type="tertiary"
    ):
        with refusals.caught(page):
            city.review.withdraw(actor, draft)
            st.rerun(scope="fragment")
    if draft.state == store_drafts.APPROVED:
        _publish(page, draft)


def _decide(page: Page, draft: Draft) -> None:
    say, city, actor = page.say, page.city, page.actor
    if why := city.review.against_judging(actor, draft):
        st.info(say(why))
        return
    words = st.text_area(
        say("Words to who drew it"), max_chars=1000, height=80, key="review.words"
    )
    today = page.city.today
    day = st.date_input(
        say("In force from"),
        value=today,
        min_value=today,
        key="review.day",
        format="YYYY-MM-DD",
    )
    with st.container(horizontal=True):
        if st.button(say("Approve"), key="review.approve", type="primary"):
            with refusals.caught(page):
                later = day if isinstance(day, date) and day > today else None
                city.review.approve(actor, draft, effective=later, words=words)
                st.rerun(scope="fragment")
        if st.button(say("Return with these words"), key="review.return"):
            with refusals.caught(page):
                city.review.send_back(actor, draft, words)
                st.rerun(scope="fragment")


def _publish(page: Page, draft: Draft) -> None:
    say, city = page.say, page.city
    if draft.effective and draft.effective > page.city.today:
        return
    st.caption(
        say(
            "Publishing puts the draft in force at once: workers and leaders go over to "
            "the new grids, open matters "
            "move into the grid they lie in, reports keep the code they were filed under."
        )
    )
    if st.button(say("Publish"), key="review.publish", type="primary"):
        with refusals.caught(page), st.spinner(say("Putting the plan in force …")):
            city.publishing.publish(page.actor, draft)
            st.rerun()


def _plans(page: Page) -> None:
    say, city = page.say, page.city
    with st.expander(say("Plans there were")):
        table = city.publishing.plans()
        names = dict(
            zip(
                table["id"].tolist(),
                [plan_name(page.city, name, say) for name in table["name"]],
                strict=True,
            )
        )
        shown = table.assign(
            named=[names[number] for number in table["id"].tolist()],
            state=[say(terms.PLAN_STATES[state]) for state in table["state"]],
            brings=[
                say("plan {number} again", number=one) if one else ""
                for one in table["restores"].tolist()
            ],
        )
        columns = {
            "id": tables.count(say("Plan")),
            "named": tables.text(say("Name")),
            "state": tables.text(),
            "valid_from": tables.day(say("From")),
            "valid_to": tables.day(say("Until before")),
            "brings": tables.text(say("Brings back")),
            "publisher": tables.text(say("Published by")),
        }
        tables.show(shown, columns, key="review.plans", say=say)
        if len(table) > 1 and city.publishing.may_roll_back(page.actor):
            sure = st.checkbox(
                say(
                    "Take back the plan in force: the grids before it come back with their codes"
                ),
                key="review.sure",
            )
            if st.button(say("Take it back"), key="review.rollback", disabled=not sure):
                with refusals.caught(page), st.spinner(say("Putting the plan in force …")):
                    city.publishing.roll_back(page.actor)
                    st.rerun()
