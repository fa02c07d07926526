"""The parts of the data page: how good the data is, what was imported, what was refused and why."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.city.look.quality import Quality
from gridmap.ui import charts, tables
from gridmap.ui import city as cities
from gridmap.ui.frame import Page
from gridmap.ui.session import Key

MOST_REJECTS = 500


def quality(page: Page) -> Quality:
    """The figures on the data, made once for each state of the city."""
    return cities.quality(page.city)


def figures(page: Page, found: Quality) -> None:
    """Five figures on the data, each with its counts."""
    say = page.say
    figures = (
        (say("Reports in the city"), say.number(found.reports), ""),
        (say("Rows located in a grid"), *_share(page, found.located, found.rows)),
        (say("Rows accepted"), *_share(page, found.accepted, found.rows)),
        (
            say("Reports without a worker"),
            *_share(page, found.without_worker, found.reports),
        ),
        (
            say("Reports on crowded points"),
            *_share(page, found.crowded_reports, found.reports),
        ),
    )
    for column, (label, value, counts) in zip(
        st.columns(len(figures)), figures, strict=True
    ):
        with column:
            st.metric(
                label,
                value,
                counts or None,
                delta_color="off",
                delta_arrow="off",
                border=True,
                height="stretch",
            )


def _share(page: Page, part: int, whole: int) -> tuple[str, str]:
    if not whole:
        return "—", ""
    return page.say.percent(
        part / whole
    ), f"{page.say.exact(part)} / {page.say.exact(whole)}"


def imports(page: Page) -> None:
    """Every import with its state; a picked one shows its refused rows below."""
    say = page.say
    table = page.city.imports.history()
    st.subheader(say("Imports"))
    if table.empty:
        st.text(
            say("Nothing imported yet. On the command line: gridmap import reports FILE")
        )
        return
    table["what"] = [say(terms.IMPORT_KINDS.get(kind, kind)) for kind in table["kind"]]
    table["where"] = [
        say.listing([_file(page, name) for name in files]) for files in table["files"]
    ]
    table["progress"] = [
        say(terms.IMPORT_STATES.get(state, state)) for state in table["state"]
    ]
    table["when"] = pd.to_datetime(table["started_at"], unit="s", utc=True)
    tables.show(
        table,
        {
            "id": tables.count(say("Number")),
            "what": tables.text(say("Kind")),
            "where": tables.text(say("Files"), width="large"),
            "when": tables.moment(say("Started (Asia/Shanghai)")),
            "progress": tables.text(say("State")),
            "rows": tables.count(say("Rows")),
            "accepted": tables.count(say("Rows accepted")),
            "refused": tables.count(say("Refused")),
        },
        key="imports",
        say=say,
        on_pick=_pick,
    )
    _rejects(page, table)


def _file(page: Page, name: str) -> str:
    return (
        page.say("demonstration")
        if page.city.demonstration and name == "demonstration"
        else name
    )


def _pick(row: dict[str, Any]) -> None:
    st.session_state[Key.IMPORT] = int(row["id"])


def _rejects(page: Page, table: pd.DataFrame) -> None:
    say = page.say
    refused = table[table["refused"] > 0]
    number = st.session_state.get(
        Key.IMPORT, int(refused["id"].iloc[0]) if len(refused) else 0
    )
    if number not in set(refused["id"]):
        st.text(
            say("No row was refused.")
            if refused.empty
            else say("This import refused no row.")
        )
        return
    rows = page.city.imports.rejects(number, limit=MOST_REJECTS)
    rows["why"] = [say(terms.REASONS.get(reason, reason)) for reason in rows["reason"]]
    rows["what_to_do"] = [say(terms.CURES.get(reason, reason)) for reason in rows["reason"]]
    st.subheader(say("Refused rows of import {number}", number=number))
    tables.show(
        rows,
        {
            "file": tables.text(say("File")),
            "row": tables.count(say("Row")),
            "field": tables.text(say("Field")),
            "value": tables.text(say("Value")),
            "why": tables.text(say("Reason")),
            "what_to_do": tables.text(say("What to do"), width="large"),
        },
        key=f"rejects.{number}",
        say=say,
        height=300,
    )


def reasons(page: Page, found: Quality) -> None:
    """Refused rows by reason."""
    say = page.say
    st.subheader(say("Refused rows by reason"))
    if found.by_reason.empty:
        st.text(say("No row was refused."))
        return
    table = found.by_reason.assign(
        code=range(len(found.by_reason)),
        name=[
            say(terms.REASONS.get(reason, reason)) for reason in found.by_reason["reason"]
        ],
        value=found.by_reason["rows"].astype(float),
        label=[say.exact(rows) for rows in found.by_reason["rows"]],
    )
    charts.show(
        charts.ranked(table, say=say, unit=say("Rows")),
        found.by_reason,
        key="reasons",
        say=say,
        alt_text=say("Refused rows by reason"),
    )


def categories(page: Page, found: Quality) -> None:
    """Categories whose reports nobody is noted for."""
    say = page.say
    st.subheader(say("Reports by category, and those without a worker"))
    table = found.by_category.sort_values("reports", ascending=False, ignore_index=True)
    table["without_worker_share"] *= 100.0
    tables.show(
        table,
        {
            page.lang: tables.text(say("Category")),
            "reports": tables.count(say("Reports")),
            "without_worker": tables.count(say("Without a worker")),
            "without_worker_share": tables.share(say("Share")),
        },
        key="quality.categories",
        say=say,
        height=300,
    )


def crowded(page: Page, found: Quality) -> None:
    """Points that suspiciously many reports share."""
    say = page.say
    st.subheader(say("Crowded points"))
    if found.crowded.empty:
        st.text(say("No square metre has suspiciously many reports."))
        return
    st.text(
        say("Many reports on one square metre are often a default position, not a place.")
    )
    tables.show(
        found.crowded,
        {
            "lon": tables.count(say("Longitude"), digits=5),
            "lat": tables.count(say("Latitude"), digits=5),
            "reports": tables.count(say("Reports")),
        },
        key="crowded",
        say=say,
        height=300,
    )
