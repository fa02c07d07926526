"""The page of tasks from above: the list, one task on the map and by place and worker, the
form for a new one.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.city.town.figures import OF_TASK, TASK_PARTS, TASK_SHARE
from gridmap.city.town.newtask import TaskKind
from gridmap.model import Level
from gridmap.store.town.tasks import Task
from gridmap.ui import controls, notices, session, signin, tables
from gridmap.ui.board import Board
from gridmap.ui.frame import Page
from gridmap.ui.town import partview, taskform
from gridmap.words import mark, plain

KEY = "tasks"
KINDS = {
    TaskKind.VISIT: mark("Visit"),
    TaskKind.HAZARD_CHECK: mark("Hazard check"),
    TaskKind.LAW: mark("Law popularisation"),
}
MOST_ROWS = 2000


def show(page: Page) -> None:
    """The part chosen: the tasks, or a new one."""
    say = page.say
    names = {"tasks": say("Tasks")}
    if page.city.tasks.may_make(page.actor, page.view.area):
        names["new"] = say("Give a task")
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        part = controls.part(page, names, key=f"{KEY}.part", usual="tasks")
        st.space("stretch")
        usual = min(Level.TOWNSHIP, page.view.area_level.below)
        level = controls.level(page, usual=usual, menu=130) if part != "new" else usual
    notices.show()
    if part == "new" and part in names:
        taskform.show(page, {str(key): say(words) for key, words in KINDS.items()})
        return
    found = page.city.tasks.tasks(page.view.area)
    if found.empty:
        st.text(
            say(
                "No task has been given here. Chiefs, dispatchers and commanders give one above."
            )
        )
        return
    chosen = (
        page.view.task
        if page.view.task in found["id"].tolist()
        else int(found["id"].iloc[0])
    )
    left, right = st.columns([1.62, 1])
    with left:
        Board(page, KEY, narrow={"task": chosen}).show(
            TASK_SHARE, level, height="max(24rem, calc(100vh - 26rem))"
        )
    with right:
        one(page, chosen, level)
    _listed(page, found)


def one(page: Page, number: int, level: Level) -> None:
    """A task: what is asked, done of asked here, and by place, worker or part."""
    say, room = page.say, page.city.tasks
    task = room.get(number)
    board = Board(page, KEY, narrow={"task": number})
    done = board.total(TASK_SHARE)
    st.markdown(f"**{plain(task.title)}** · {plain(say(KINDS[TaskKind(task.kind)]))}")
    st.text(say.share(done.numerator, done.denominator))
    st.caption(plain(_about(page, task)))
    ways = {
        "places": say("By place"),
        "workers": say("By worker"),
        "parts": say("Grid by grid"),
    }
    way = st.segmented_control(
        say("Counted"),
        list(ways),
        default="places",
        required=True,
        format_func=ways.__getitem__,
        key=f"{KEY}.way",
        label_visibility="collapsed",
        persist_state="page",
    )
    if way == "workers":
        _workers(page, number)
    elif way == "parts":
        partview.show(page, task)
    else:
        board.places(OF_TASK, level, by=TASK_SHARE, least_first=True, some=TASK_PARTS)


def _about(page: Page, task: Task) -> str:
    say = page.say
    told = [
        say("due {time}", time=say.time(task.due_at)),
        say("given by {name}", name=page.person(task.made_by)),
    ]
    if task.withdrawn_at:
        told.append(
            say(
                "withdrawn {time}: {why}",
                time=say.time(task.withdrawn_at),
                why=task.withdrawn_why,
            )
        )
    return " · ".join([*told, *([task.text] if task.text else [])])


def _workers(page: Page, number: int) -> None:
    say = page.say
    counted = page.city.tasks.per_worker(number, page.view.area)
    counted["person"] = [
        signin.person(name, say) or say("No worker") for name in counted["worker_name"]
    ]
    columns = {"person": tables.text(say("Grid worker")), **_counts(page)}
    tables.show(counted, columns, key=f"{KEY}.workers", say=say, height=300)


def _counts(page: Page) -> dict[str, Any]:
    say = page.say
    return {
        "done": tables.count(say("Done")),
        "parts": tables.count(say("Asked")),
        "share": tables.share(say("Share")),
    }


def _listed(page: Page, found: pd.DataFrame) -> None:
    """All tasks with a part here; a row opens its task above."""
    say = page.say
    shown = found.head(MOST_ROWS).assign(
        kind_name=[say(KINDS[TaskKind(kind)]) for kind in found.head(MOST_ROWS)["kind"]],
        place=[
            say.listing([page.name(area) for area in areas])
            for areas in found.head(MOST_ROWS)["areas"]
        ],
        share=100.0 * found["done"] / found["parts"],
        due=pd.to_datetime(found["due_at"], unit="s", utc=True),
        by=[signin.person(name, say) for name in found.head(MOST_ROWS)["maker"]],
        sign=[
            say("withdrawn") if gone else say("late") if late else ""
            for gone, late in zip(found["withdrawn_at"], found["late"], strict=True)
        ][:MOST_ROWS],
    )
    columns = {
        "title": tables.text(say("Task"), width=170),
        "kind_name": tables.text(say("Kind"), width=110),
        "place": tables.text(say("Place"), width=170),
        **_counts(page),
        "in_time": tables.count(say("Done in time")),
        "found": tables.count(say("Hazards found")),
        "due": tables.moment(say("Due")),
        "by": tables.text(say("Given by")),
        "sign": tables.text(say("Signs")),
    }
    tables.show(shown, columns, key=f"{KEY}.list", say=say, height=300, on_pick=_open)


def _open(row: dict[str, Any]) -> None:
    session.change(task=int(row["id"]))
