"""Sessions and their orders are records: each with a version, its own entries, and a client
id under which it may be sent again.

What stood in `session_lines` becomes the entries of the session it belongs to, or of the
order it tells of; heads, lists with their judgements, and orders stay as they stood.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from gridmap.store.migrations.versions.r0007_first_shape import (
    BIG,
    INT,
    SERIAL,
    TEXT,
    column,
    index,
    key,
    optional,
    serial,
    zero,
)
from gridmap.store.tables.base import NAMING

revision = "0009"
down_revision = "0008"

Row = Mapping[str, Any]

OF_ORDERS = frozenset({"answered", "asked_again", "done"})
"""The lines that tell of an order, not of its session."""

of_sessions = ("session_lines", "session_tasks", "session_matters")
shape = sa.MetaData(naming_convention=NAMING)


def entries(name: str, owner: str, *, of: str) -> sa.Table:
    """The entries of the records `owner`."""
    return sa.Table(
        name,
        shape,
        key(owner, BIG, of=of),
        key("number", INT),
        column("act", TEXT),
        column("at", BIG),
        column("actor", BIG),
        column("data", TEXT, "JSON: what was decided"),
    )


sa.Table("working_groups", shape, sa.Column("id", SERIAL, primary_key=True))

sessions = sa.Table(
    "sessions",
    shape,
    serial("id"),
    optional("client_id", TEXT, "makes it safe to send it again", unique=True),
    column("title", TEXT),
    column("area", BIG),
    column("roles", TEXT, "JSON list: who is present, by role"),
    column("state", TEXT, "open, adjourned, closed"),
    column("version", INT, "entries in its record"),
    column("opened_at", BIG),
    zero("opened_by"),
    column("matters", TEXT, "JSON list: the matters judged together, in their order"),
    column("judgements", TEXT, "JSON list: the judgement on each of them"),
    column("ordered", TEXT, "JSON list: the matters something was given to do about"),
    zero("resumes_at", "of an adjourned one"),
    optional("decision", TEXT),
    zero("closed_at"),
    zero("closed_by"),
    column("last_at", BIG),
    index("ix_sessions_state", "state"),
)
session_entries = entries("session_entries", "session", of="sessions.id")
session_matters = sa.Table(
    "session_matters",
    shape,
    key("session", BIG, of="sessions.id"),
    key("matter", BIG),
    index("ix_session_matters_matter", "matter"),
)
session_orders = sa.Table(
    "session_orders",
    shape,
    serial("id"),
    optional("client_id", TEXT, "makes it safe to send it again", unique=True),
    column("session", BIG, of="sessions.id"),
    column("area", BIG, "of the session: who leads there judges the answer"),
    column("matter", BIG),
    column("office", BIG, "who has to act"),
    column("task", TEXT),
    optional("group", BIG, of="working_groups.id"),
    column("state", TEXT),
    column("version", INT, "entries in its record"),
    column("given_at", BIG),
    zero("given_by"),
    zero("due_at"),
    optional("answer", TEXT),
    zero("answered_at"),
    zero("answered_by"),
    zero("done_at", "accepted by the headquarters"),
    zero("done_by"),
    column("last_at", BIG),
    index("ix_session_orders_office", "office"),
    index("ix_session_orders_session", "session"),
)
session_order_entries = entries("session_order_entries", "order", of="session_orders.id")
made = (
    sessions,
    session_entries,
    session_matters,
    session_orders,
    session_order_entries,
)


def upgrade() -> None:
    """Make the tables anew and carry over what was in them."""
    bind = op.get_bind()
    heads = _rows(bind, "sessions")
    parts = {name: _by_session(_rows(bind, name)) for name in of_sessions}
    for name in (*of_sessions, "sessions"):
        op.drop_table(name)
    shape.create_all(bind, tables=list(made), checkfirst=False)
    for head in heads:
        lines, tasks, listed = (parts[name][head["id"]] for name in of_sessions)
        _carry_over(bind, head, lines, tasks, listed)
    for table in (sessions, session_orders):
        _go_on(bind, table)


def _rows(bind: sa.Connection, name: str) -> list[Row]:
    """All rows of a table, in the order of their keys."""
    table = sa.Table(name, sa.MetaData(), autoload_with=bind)
    query = sa.select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in bind.execute(query).mappings()]


def _by_session(rows: Sequence[Row]) -> defaultdict[int, list[Row]]:
    """Rows by the session they belong to."""
    by_session: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_session[row["session"]].append(row)
    return by_session


def _carry_over(
    bind: sa.Connection,
    head: Row,
    lines: Sequence[Row],
    tasks: Sequence[Row],
    listed: Sequence[Row],
) -> None:
    """One session with its list, its orders and the entries of all."""
    number = head["id"]
    told, followed = _parted([_line(row) for row in lines])
    held = _held(head, told)
    _insert(bind, sessions, [_head(head, held, listed, tasks)])
    _insert(bind, session_entries, _numbered("session", number, held))
    pairs = [{"session": number, "matter": row["matter"]} for row in listed]
    _insert(bind, session_matters, pairs)
    assigned = [line for line in held if line["act"] == "assigned"]
    for task in tasks:
        journal = [_assigned(head, task, assigned), *followed[task["id"]]]
        _insert(bind, session_orders, [_order(head, task, journal)])
        _insert(bind, session_order_entries, _numbered("order", task["id"], journal))


def _line(row: Row) -> Row:
    """A line of the old record as an entry without a number."""
    data = json.loads(row["data"])
    if "due_at" in data:
        data["until"] = data.pop("due_at")
    line = {"act": row["kind"], "at": row["at"], "actor": row["by"]}
    return {"id": row["id"], **line, "data": data}


def _parted(
    lines: Sequence[Row],
) -> tuple[list[Row], defaultdict[int, list[Row]]]:
    """The lines of the session itself, and those of its orders by order."""
    held: list[Row] = []
    followed: defaultdict[int, list[Row]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line["at"], line["id"])):
        of_order = line["act"] in OF_ORDERS
        journal = followed[line["data"].pop("task")] if of_order else held
        journal.append(line)
    return held, followed


def _held(head: Row, lines: Sequence[Row]) -> list[Row]:
    """The session's lines; the first says which place it is held for as well."""
    first: Row = {"act": "opened", "at": head["opened_at"], "actor": head["opened_by"]}
    data = {"title": head["title"], "area": head["area"]}
    data["roles"] = json.loads(head["roles"])
    rest = [line for line in lines if line["act"] != "opened"]
    return [{**first, "data": data}, *rest]


def _head(
    head: Row, held: Sequence[Row], listed: Sequence[Row], tasks: Sequence[Row]
) -> Row:
    """The row of a session."""
    ordered = sorted(listed, key=lambda row: row["position"])
    return {
        **head,
        "decision": head["decision"] or None,
        "version": len(held),
        "matters": _json([row["matter"] for row in ordered]),
        "judgements": _json([row["judgement"] for row in ordered]),
        "ordered": _json(list(dict.fromkeys(row["matter"] for row in tasks))),
        "last_at": max(line["at"] for line in held),
    }


def _assigned(head: Row, task: Row, lines: list[Row]) -> Row:
    """The first entry of an order: the first of `lines` that tells of it, which is taken
    out, or what its row says.
    """
    line: Row = {"at": head["opened_at"], "actor": head["opened_by"], "act": "assigned"}
    names = ("matter", "office", "task", *(["group"] if task["group"] else []))
    data = {name: task[name] for name in names} | {"until": task["due_at"]}
    for place, told in enumerate(lines):
        if all(
            told["data"].get(name) == data[name] for name in ("matter", "task", "until")
        ):
            line = lines.pop(place)
            data = dict(line["data"])
            break
    return {**line, "data": {**data, "session": head["id"], "area": head["area"]}}


def _order(head: Row, task: Row, journal: Sequence[Row]) -> Row:
    """The row of an order."""
    state = "done" if task["done_at"] else "answered" if task["answered_at"] else "given"
    return {
        **task,
        "answer": task["answer"] or None,
        "area": head["area"],
        "state": state,
        "version": len(journal),
        "given_at": journal[0]["at"],
        "given_by": journal[0]["actor"],
        "last_at": max(line["at"] for line in journal),
    }


def _numbered(owner: str, number: int, lines: Sequence[Row]) -> list[Row]:
    """The rows of the entries of a record."""
    return [
        {
            owner: number,
            "number": place,
            "act": line["act"],
            "at": line["at"],
            "actor": line["actor"],
            "data": _json(line["data"]),
        }
        for place, line in enumerate(lines, start=1)
    ]


def _go_on(bind: sa.Connection, table: sa.Table) -> None:
    """New rows follow those there are, where a sequence counts."""
    if bind.dialect.name == "postgresql":
        highest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        bind.execute(sa.select(sa.func.setval(sequence, highest)))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _insert(bind: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    if rows:
        bind.execute(table.insert(), [dict(row) for row in rows])
