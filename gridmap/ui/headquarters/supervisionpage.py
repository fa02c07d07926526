"""Supervision on a page: what is asked of one's unit, whom the rules find, interview warnings, the rules themselves."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.calendar import TIME_ZONE
from gridmap.city.flow.matters import MatterFilter
from gridmap.insight.lag import MEASURES
from gridmap.model import Level
from gridmap.ui import clocks, controls, drill, editing, exports, measures, refusals, session, tables
from gridmap.ui.flow import matterlist, moveform
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import rulecatches
from gridmap.ui.session import Key
from gridmap.words import NONE, Words, plain

KEY = "supervision"
LONGEST = 2_000
MAP_HEIGHT = "max(20rem, calc(100vh - 22rem))"
FOUND, WARNED = f"{KEY}.chosen", f"{KEY}.warned"
ALL = ""
MOST_MATTERS = 200


def show(page: Page) -> None:
    """The part chosen; who works in a unit that is asked sees that first."""
    say = page.say
    moveform.notice(page)
    asked = _asked(page)
    names = {
        "mine": say("Asked of my unit ({n})", n=asked),
        "lagging": say("Who lags"),
        "warnings": say("Interview warnings"),
        "rules": say("Rules"),
    }
    part = st.segmented_control(
        say("Part of the page"), list(names), default="mine" if asked else "lagging", required=True, format_func=names.__getitem__,
        key=f"{KEY}.part", label_visibility="collapsed", persist_state="page",
    )  # fmt: skip
    {"mine": mine, "warnings": warnings, "rules": rules}.get(str(part), lagging)(page)


def _asked(page: Page) -> int:
    warned = page.city.lagging.of_unit(page.actor)
    given = page.city.sessions.tasks_of(page.actor)
    return int((warned["answered_at"] == 0).sum() + (given["answered_at"] == 0).sum())


def mine(page: Page) -> None:
    """Warnings and tasks to the unit of the person signed in, to be answered here."""
    say, city = page.say, page.city
    warned, given = city.lagging.of_unit(page.actor, page.lang), city.sessions.tasks_of(page.actor, page.lang)
    if warned.empty and given.empty:
        st.text(say("The headquarters asks nothing of your unit."))
        return
    for row in warned.to_dict("records"):
        with st.container(border=True):
            _title(say("Interview warning"), clocks.left(row["due_at"], city.now_s, say))
            _warning_words(page, row)
            if not row["answered_at"]:
                _answer(
                    page,
                    f"warning.{row['id']}",
                    lambda words, number=int(row["id"]): city.lagging.answer(page.actor, number, words),
                )
    for row in given.to_dict("records"):
        with st.container(border=True):
            _title(say("Task of a session"), clocks.left(row["due_at"], city.now_s, say))
            st.text(row["task"])
            if row["answer"]:
                st.text(say("Answered: {words}", words=row["answer"]))
            else:
                _answer(
                    page,
                    f"task.{row['id']}",
                    lambda words, number=int(row["id"]): city.sessions.answer(page.actor, number, words),
                )
            st.button(
                say("Open the matter"),
                key=f"{KEY}.open.{row['id']}",
                type="tertiary",
                on_click=session.open_matter,
                args=(int(row["matter"]),),
            )


def _title(what: str, left: str) -> None:
    st.markdown(f"**{plain(what)}** · {plain(left)}")


def _answer(page: Page, key: str, send: Any) -> None:
    say = page.say
    with st.form(f"{KEY}.{key}", border=False):
        words = st.text_area(say("Answer to the headquarters"), max_chars=LONGEST, height=80, key=f"{KEY}.{key}.words")
        if st.form_submit_button(say("Send the answer"), type="primary"):
            with refusals.caught(page):
                send(words)
                _done(say("The answer has been sent to the headquarters."))


def _warning_words(page: Page, row: dict[Any, Any]) -> None:
    say = page.say
    st.text(row["words"])
    if row["reason"]:
        st.text(_reason(row["reason"], say))
    if row["answer"]:
        st.text(say("Answered {time}: {words}", time=say.moment(row["answered_at"]), words=row["answer"]))
    if row["verdict"]:
        st.text(say("Closed {time}: {words}", time=say.moment(row["closed_at"]), words=row["verdict"]))


def _reason(reason: dict[str, Any], say: Words) -> str:
    """By which rule, and what was counted."""
    measure = MEASURES.get(str(reason.get("measure")))
    if measure is None:
        return NONE
    rule = say(
        "Rule: {measure}, from {threshold} on, over {days} days",
        measure=say(measure.name),
        threshold=f"{reason['threshold']:g}",
        days=reason["days"],
    )
    if "numerator" not in reason:
        return rule
    counted = say("{numerator} of {denominator}", numerator=reason["numerator"], denominator=reason["denominator"])
    return say("{rule}; counted: {counted}", rule=rule, counted=counted)


# who lags


def lagging(page: Page) -> None:
    """Whom the rules find now, and what is done about it."""
    say = page.say
    found = page.city.lagging.found(page.view.area, page.lang)
    if found.empty:
        st.text(say("By the rules in force no unit lags in {place}.", place=page.place))
        return
    found = found.assign(which=[f"{row['office']}.{row['rule']}" for row in found.to_dict("records")])
    told = zip(found["which"], found["name"], found["measure"], strict=True)
    names = {ALL: say("All units found"), **{one: f"{name} · {say(MEASURES[key].name)}" for one, name, key in told}}
    left, right = st.columns([1, 1.75])
    with right:
        chosen = _choose(names, FOUND, say("Unit and rule"))
        _found(page, found, key="found", on_pick=lambda row: _take(FOUND, row["which"]))
    rows = found if chosen == ALL else found[found["which"] == chosen]
    matters = list(dict.fromkeys(matter for row in rows["matters"] for matter in row))
    with left:
        layer = measures.matters(page, _level(page), matters, title=say("Matters that count against units"))
        drill.show_map(page, layer, key=f"{KEY}.lagging", height=MAP_HEIGHT)
    st.subheader(say.plural("{n} matter counts against it", "{n} matters count against it", len(matters)))
    listed = page.city.matters.find(MatterFilter(ids=tuple(matters)), limit=MOST_MATTERS)
    matterlist.show(page, listed, key=f"{KEY}.matters", height=260)
    if len(listed) < len(matters):
        st.caption(say("The first {n} of {total}.", n=len(listed), total=say.exact(len(matters))))
    if chosen != ALL and page.city.lagging.may_ask(page.actor, int(rows["office"].iloc[0])):
        _act(page, rows.iloc[0], matters)


def _choose(names: dict[str, str], key: str, label: str) -> str:
    """One of `names`, the first of them when what was chosen is not there any more; a row of a table chooses it too."""
    if st.session_state.get(key) not in names:
        st.session_state[key] = next(iter(names))
    return str(st.selectbox(label, list(names), format_func=names.__getitem__, key=key, label_visibility="collapsed"))


def _take(key: str, chosen: Any) -> None:
    st.session_state[key] = str(chosen)


def _level(page: Page) -> Level:
    return controls.level(page, usual=Level.TOWNSHIP if page.view.area_level < Level.TOWNSHIP else None, menu=130)


def _act(page: Page, row: Any, matters: list[int]) -> None:
    say, rooms = page.say, page.city.lagging
    with st.form(f"{KEY}.act", border=False):
        words = st.text_area(
            say("What is expected, and until when"), max_chars=LONGEST, height=80, key=f"{KEY}.act.words"
        )
        with st.container(horizontal=True):
            pressed = st.form_submit_button(say("Supervise these matters"))
            asked = st.form_submit_button(say("Ask to an interview"), type="primary", disabled=bool(row["asked"]))
    if row["asked"]:
        st.caption(say("This unit has been asked already."))
    if pressed:
        with refusals.caught(page):
            count = rooms.supervise(page.actor, matters, words)
            _done(say.plural("{n} matter put under supervision.", "{n} matters put under supervision.", count))
    if asked:
        with refusals.caught(page):
            reason = {name: row[name] for name in ("measure", "threshold", "days", "numerator", "denominator", "value")}
            plain_values = {name: value.item() if hasattr(value, "item") else value for name, value in reason.items()}
            rooms.ask(page.actor, int(row["office"]), words=words, rule=int(row["rule"]), reason=plain_values)
            _done(say("The unit has been asked; it finds the warning under Supervision."))


def _found(page: Page, found: pd.DataFrame, *, key: str, on_pick: Any = None) -> None:
    say = page.say
    shown = found.assign(
        what=[say(MEASURES[one].name) for one in found["measure"]],
        told=[
            f"{value:.1f} %" if MEASURES[one].share else f"{value:.0f}"
            for one, value in zip(found["measure"], found["value"], strict=True)
        ],
        counts=[
            say("{numerator} of {denominator}", numerator=a, denominator=b)
            for a, b in zip(found["numerator"], found["denominator"], strict=True)
        ],
        limit=[f"≥ {value:g}" for value in found["threshold"]],
        due=[say("interview") if one else say("supervision") for one in found["interview"]],
        stand=[say("asked already") if one else NONE for one in found["asked"]],
    )
    columns = {
        "name": tables.text(say("Unit"), width=165), "what": tables.text(say("Measure"), width=165), "told": tables.text(say("Value"), width=58),
        "counts": tables.text(say("Of how many"), width=84), "limit": tables.text(say("Threshold"), width=68),
        "due": tables.text(say("What follows"), width=85), "stand": tables.text(say("How it stands"), width=92),
    }  # fmt: skip
    tables.show(shown, columns, key=f"{KEY}.{key}", say=say, offer=False, height=400, on_pick=on_pick)
    exports.offer(page, shown, columns, key=f"lagging-{key}")


# warnings


def warnings(page: Page) -> None:
    """Every interview warning, and the closing of those that can be closed."""
    say, rooms = page.say, page.city.lagging
    found = rooms.interviews(page.view.area, page.lang)
    if found.empty:
        st.text(say("No unit of {place} has been asked to an interview.", place=page.place))
        return
    shown = found.assign(
        asked=_times(found["asked_at"]),
        stand=[_stand(row, page) for row in found.to_dict("records")],
        by=[page.person(one) for one in found["asked_by"].tolist()],
    )
    columns = {
        "asked": tables.moment(say("Asked on"), width=116), "office_name": tables.text(say("Unit"), width=190),
        "stand": tables.text(say("How it stands"), width=140), "words": tables.text(say("What is expected"), width=150),
        "answer": tables.text(say("Answer of the unit"), width=150), "verdict": tables.text(say("Verdict"), width=110),
        "by": tables.text(say("Asked by"), width=85),
    }  # fmt: skip
    names = {ALL: say("All warnings")} | {
        str(row["id"]): f"{row['office_name']} · {say.day(asked)}"
        for row, asked in zip(found.to_dict("records"), shown["asked"].dt.date, strict=True)
    }
    left, right = st.columns([1, 1.75])
    with right:
        chosen = _choose(names, WARNED, say("Interview warnings"))
        tables.show(
            shown, columns, key=f"{KEY}.warnings", say=say, offer=False, height=400, on_pick=lambda row: _take(WARNED, row["id"])
        )  # fmt: skip
        told = shown.assign(asked=shown["asked"].dt.strftime("%Y-%m-%d %H:%M"))
        exports.offer(page, told, columns, key="interview-warnings")
    found = found if chosen == ALL else found[found["id"] == int(chosen)]
    with left:
        level = _level(page)
        places = rooms.warned(found, level)
        layer = measures.counted(
            page, level, places["code"], places["warnings"].to_numpy(float), title=say("Warnings to units that answer for it"),
            unit=say("warnings"),
        )  # fmt: skip
        drill.show_map(page, layer, key=f"{KEY}.warned", height=MAP_HEIGHT)
    with right:
        for row in found[found["closed_at"] == 0].to_dict("records"):
            with st.container(border=True):
                st.markdown(f"**{plain(row['office_name'])}** · {plain(_stand(row, page))}")
                _warning_words(page, row)
                if rooms.may_ask(page.actor, int(row["office"])):
                    _close(page, int(row["id"]))


def _stand(row: dict[Any, Any], page: Page) -> str:
    say = page.say
    if row["closed_at"]:
        return say("closed")
    return say("answered, to be judged") if row["answered_at"] else clocks.left(row["due_at"], page.city.now_s, say)


def _close(page: Page, number: int) -> None:
    say = page.say
    with st.form(f"{KEY}.close.{number}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        verdict = st.text_input(say("Verdict"), max_chars=LONGEST, key=f"{KEY}.verdict.{number}")
        if st.form_submit_button(say("Close the warning")):
            with refusals.caught(page):
                page.city.lagging.close(page.actor, number, verdict)
                _done(say("The warning is closed."))


# rules


def rules(page: Page) -> None:
    """What the rules catch on a map; beside it the rules and how much each catches."""
    left, right = st.columns([1, 1.75])
    with right:
        tried = _rules(page)
        rulecatches.table(page, tried)
    with left:
        rulecatches.map_(page, tried)


def _rules(page: Page) -> pd.DataFrame | None:
    """The rules as a table to edit, tried before they are saved; others read them. The rules tried as they stand, if any."""
    say, rooms = page.say, page.city.lagging
    may = rooms.may_change_rules(page.actor)
    st.text(say("A unit lags when the measure reaches the threshold and at least so many matters are counted."))
    table = rooms.rules().drop(columns=["position"]).replace({"kind": {"": editing.ALL}})
    kinds = {editing.ALL: say("every unit"), **{kind: say(words) for kind, words in terms.OFFICE_KINDS.items()}}
    columns: dict[str, Any] = {
        "measure": editing.choice(
            say("Measure"), {key: say(one.name) for key, one in MEASURES.items()}, required=True, width="large"
        ),
        "threshold": st.column_config.NumberColumn(say("Threshold"), min_value=0.0, required=True),
        "least": st.column_config.NumberColumn(
            say("At least so many matters"), min_value=1, step=1, required=True, default=1
        ),
        "days": st.column_config.NumberColumn(say("Period, days"), min_value=1, step=1, required=True, default=30),
        "kind": editing.choice(say("Kind of unit"), kinds, width="medium", default=editing.ALL),
        "interview": st.column_config.CheckboxColumn(say("Interview"), default=False),
        "active": st.column_config.CheckboxColumn(say("In use"), default=True),
    }
    if not may:
        shown = table.assign(
            measure=[say(MEASURES[one].name) for one in table["measure"]], kind=[kinds[one] for one in table["kind"]]
        )
        heads = {name: str(config["label"]) for name, config in columns.items()}
        tables.show(shown, heads, key=f"{KEY}.read", say=say, offer=False)
        exports.offer(page, shown, heads, key="lag-rules")
        return None
    edited = editing.table(table, columns, key=f"{KEY}.rules", height=260).replace({"kind": {editing.ALL: ""}})
    digest = hashlib.sha256(edited.to_json(orient="split", default_handler=str).encode()).hexdigest()
    with st.container(horizontal=True):
        tried = st.button(say("Try: whom would they find now?"), key=f"{KEY}.try")
        saved = st.button(
            say("Save the rules"), key=f"{KEY}.save", type="primary", disabled=not tried and st.session_state.get(Key.TRIED) != digest,
            help=say("Rules are saved once they were tried as they stand."),
        )  # fmt: skip
    if tried:
        st.session_state.pop(Key.TRIED, None)
        with refusals.caught(page):
            found = rooms.found(page.view.area, page.lang, rules=edited)
            st.session_state[Key.TRIED] = digest
            st.text(say.plural("They would find {n} unit.", "They would find {n} units.", found["office"].nunique()))
            if not found.empty:
                _found(page, found, key="tried")
    if saved:
        with refusals.caught(page):
            rooms.save_rules(page.actor, edited)
            st.session_state.pop(Key.TRIED, None)
            editing.saved(say("The rules have been saved."))
    return edited if st.session_state.get(Key.TRIED) == digest else None


def _done(words: str) -> None:
    st.session_state[Key.NOTICE] = words
    st.rerun()


def _times(seconds: pd.Series) -> pd.Series:
    return pd.to_datetime(seconds.where(seconds > 0), unit="s", utc=True).dt.tz_convert(TIME_ZONE)
