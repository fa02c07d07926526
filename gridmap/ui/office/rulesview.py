"""Routing rules: edited as a table, tried on past matters, then saved."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.model import Level
from gridmap.ui import categorypick, editing, refusals, session, tables
from gridmap.ui.frame import Page
from gridmap.ui.session import Key

DAYS = (7, 30, 90, 365)


def show(page: Page) -> None:
    """The table, the dry run, and saving once it was tried."""
    say = page.say
    st.text(
        say(
            "The first rule that fits a matter decides its first desk; without one it goes "
            "to the dispatcher's queue."
        )
    )
    seen = editing.begun(page, page.city.routing.rules(), key="rules")
    edited = _editor(page, seen)
    digest = hashlib.sha256(
        edited.to_json(orient="split", default_handler=str).encode()
    ).hexdigest()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = st.selectbox(
            say("Past matters"),
            DAYS,
            index=1,
            key="rules.days",
            width=200,
            format_func=lambda n: say.plural(
                "of the last {n} day", "of the last {n} days", n
            ),
        )
        tried = st.button(say("Try on past matters"), key="rules.try")
        saved = st.button(
            say("Save the rules"),
            key="rules.save",
            type="primary",
            disabled=not tried and st.session_state.get(Key.TRIED) != digest,
            help=say("Rules are saved once they were tried as they stand."),
        )
    if tried:
        st.session_state.pop(Key.TRIED, None)
        with refusals.caught(page):
            result = page.city.routing.dry_run(edited, days=int(days))
            st.session_state[Key.TRIED] = digest
            st.session_state[Key.TRIED_RESULT] = result
    if saved:
        with refusals.caught(page):
            page.city.routing.save(page.actor, edited, seen=seen)
            st.session_state.pop(Key.TRIED, None)
            editing.saved(
                say("The rules have been saved; they hold for reports from now on.")
            )
    if st.session_state.get(Key.TRIED) == digest:
        outcome(page, st.session_state[Key.TRIED_RESULT])


def _editor(page: Page, seen: pd.DataFrame) -> pd.DataFrame:
    say = page.say
    table = seen.replace({"category": {"": editing.ALL}, "department": {"": editing.ALL}})
    known = sorted(
        {*page.city.people.offices()["department"], *table["department"]}
        - {"", editing.ALL}
    )
    departments = {
        editing.ALL: say("the first desk's choice"),
        **{name: name for name in known},
    }
    desks = {kind: say(words) for kind, words in terms.OFFICE_KINDS.items()}
    columns: dict[str, Any] = {
        "position": st.column_config.NumberColumn(min_value=1, step=1, format="%d"),
        "category": editing.choice(_categories(page, table), width="medium"),
        "area": editing.choice(_areas(page, table), required=True, default=page.city.code),
        "first": editing.choice(desks, required=True, width="medium"),
        "department": editing.choice(departments, width="medium"),
        "active": st.column_config.CheckboxColumn(default=True),
        "note": st.column_config.TextColumn(max_chars=500),
    }
    edited = editing.table(table, columns, key="rules", height=420)
    filled = edited.fillna({"category": "", "department": "", "note": "", "active": True})
    return filled.replace({"category": {editing.ALL: ""}, "department": {editing.ALL: ""}})


def _categories(page: Page, table: pd.DataFrame) -> dict[str, str]:
    paths = page.city.category_paths(page.lang)
    known = {code: categorypick.PATH.join(path) for code, path in paths.items()}
    others = {code: code for code in table["category"] if code and code not in known}
    return {editing.ALL: page.say("All categories"), **known, **others}


def _areas(page: Page, table: pd.DataFrame) -> dict[int, str]:
    places = page.city.places
    codes = [page.city.code]
    for _ in (Level.COUNTY, Level.TOWNSHIP):
        codes += [
            int(child)
            for code in codes
            for child in places.children(code)["code"]
            if int(child) not in codes
        ]
    codes += [int(code) for code in table["area"] if int(code) not in codes]
    return {
        code: places.path(code, page.lang) or page.name(code)
        for code in dict.fromkeys(codes)
    }


def outcome(page: Page, result: pd.DataFrame) -> None:
    """What the rules would have done: how many matters each took, with the latest as an example."""
    say = page.say
    whole = int(result["matched"].sum())
    nobody = int(result.loc[result["rule"] == 0, "matched"].sum())
    st.subheader(say("Tried on {n} past matters", n=say.exact(whole)))
    st.text(
        say(
            "Without a rule, in the dispatcher's queue: {share}",
            share=say.share(nobody, whole),
        )
    )
    categories, areas = _categories(page, result), _areas(page, result)
    shown = result.assign(
        order=[say.exact(number) for number in range(1, len(result))] + [say("no rule")],
        what=[categories.get(code or editing.ALL, code) for code in result["category"]],
        where=[areas.get(int(code), str(code)) for code in result["area"]],
        desk=[
            say(terms.OFFICE_KINDS[kind]) if kind else say("Dispatcher's queue")
            for kind in result["first"]
        ],
        share=100.0 * result["matched"] / max(whole, 1),
        latest=result["example"].where(result["example"] > 0).astype("Int64"),
    )
    tables.show(
        shown,
        {
            "order": tables.text(say("Rule")),
            "what": tables.text(width="large"),
            "where": tables.text(),
            "desk": tables.text(say("First desk")),
            "department": tables.text(),
            "matched": tables.count(say("Matters")),
            "share": tables.share(),
            "latest": st.column_config.NumberColumn(say("Latest matter"), format="%d"),
        },
        key="rules.outcome",
        say=say,
        height=360,
        on_pick=_open,
    )


def _open(row: dict[str, Any]) -> None:
    if int(row["example"]):
        session.open_matter(int(row["example"]))
