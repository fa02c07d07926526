"""Headquarters: where matters lay and when, working groups, sessions, rules of lagging,
interview warnings, merged offices.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

OPEN = frozenset({0, 1, 2, 3, 7, 8})
STILL, PASSED_ON, ENDED = 0, 1, 2
BATCH = 2_000


def upgrade() -> None:
    """Create the tables; tell from the journals where matters lay."""
    op.create_table(
        "interviews",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("office", sa.Integer(), nullable=False),
        sa.Column(
            "rule",
            sa.BigInteger(),
            nullable=False,
            comment="lag_rules.id at that time; 0: without a rule",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="JSON: what the rule said and what was counted",
        ),
        sa.Column("words", sa.Text(), nullable=False, comment="what is expected"),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answered_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("verdict", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
    )
    op.create_index("ix_interviews_office", "interviews", ["office"], unique=False)
    op.create_table(
        "lag_rules",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column(
            "least",
            sa.Integer(),
            nullable=False,
            comment="with fewer matters to count the rule says nothing",
        ),
        sa.Column(
            "days",
            sa.Integer(),
            nullable=False,
            comment="period it looks at, in days up to now",
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="OfficeKind it holds for; empty: every office",
        ),
        sa.Column(
            "interview",
            sa.Boolean(),
            nullable=False,
            comment="ask for an interview; else supervise the matters only",
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lag_rules")),
    )
    op.create_table(
        "office_changes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("office", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="renamed, merged"),
        sa.Column(
            "data",
            sa.Text(),
            nullable=False,
            comment="JSON: names before and after, or what moved into which office",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_changes")),
    )
    op.create_index("ix_office_changes_office", "office_changes", ["office"], unique=False)
    op.create_table(
        "sessions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="open, adjourned, closed"),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column(
            "roles", sa.Text(), nullable=False, comment="JSON list: who is present, by role"
        ),
        sa.Column(
            "resumes_at",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="of an adjourned one",
        ),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closed_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_state", "sessions", ["state"], unique=False)
    op.create_table(
        "stays",
        sa.Column("matter", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "step",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="journal step that brought it there",
        ),
        sa.Column(
            "office", sa.Integer(), nullable=False, comment="0: the dispatcher's queue"
        ),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column(
            "due_at",
            sa.BigInteger(),
            nullable=False,
            comment="limit that ran when it came; 0: no clock ran",
        ),
        sa.Column(
            "until",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="0: still there",
        ),
        sa.Column(
            "last",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="journal step that ended it",
        ),
        sa.Column(
            "left",
            sa.SmallInteger(),
            server_default="0",
            nullable=False,
            comment="0 still there, 1 passed on, 2 ended",
        ),
        sa.PrimaryKeyConstraint("matter", "step", name=op.f("pk_stays")),
    )
    op.create_index("ix_stays_office_until", "stays", ["office", "until"], unique=False)
    op.create_index("ix_stays_since", "stays", ["since"], unique=False)
    op.create_index("ix_stays_until", "stays", ["until"], unique=False)
    op.create_table(
        "working_groups",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=True, comment="what it answers for"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_groups")),
    )
    op.create_table(
        "group_departments",
        sa.Column("group", sa.BigInteger(), nullable=False),
        sa.Column(
            "department",
            sa.Text(),
            nullable=False,
            comment="as offices and routing rules name it",
        ),
        sa.ForeignKeyConstraint(
            ["group"], ["working_groups.id"], name=op.f("fk_group_departments_group")
        ),
        sa.PrimaryKeyConstraint("group", "department", name=op.f("pk_group_departments")),
    )
    op.create_table(
        "session_lines",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("session", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="opened, picked, judged, assigned, adjourned, resumed, closed, …",
        ),
        sa.Column("data", sa.Text(), nullable=False, comment="JSON"),
        sa.ForeignKeyConstraint(
            ["session"], ["sessions.id"], name=op.f("fk_session_lines_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_lines")),
    )
    op.create_index("ix_session_lines_session", "session_lines", ["session"], unique=False)
    op.create_table(
        "session_matters",
        sa.Column("session", sa.BigInteger(), nullable=False),
        sa.Column("matter", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("judgement", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["session"], ["sessions.id"], name=op.f("fk_session_matters_session")
        ),
        sa.PrimaryKeyConstraint("session", "matter", name=op.f("pk_session_matters")),
    )
    op.create_index(
        "ix_session_matters_matter", "session_matters", ["matter"], unique=False
    )
    op.create_table(
        "session_tasks",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("session", sa.BigInteger(), nullable=False),
        sa.Column("matter", sa.BigInteger(), nullable=False),
        sa.Column("group", sa.BigInteger(), nullable=True),
        sa.Column("office", sa.Integer(), nullable=False, comment="who has to act"),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answered_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "done_at",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="accepted by the headquarters",
        ),
        sa.Column("done_by", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["group"], ["working_groups.id"], name=op.f("fk_session_tasks_group")
        ),
        sa.ForeignKeyConstraint(
            ["session"], ["sessions.id"], name=op.f("fk_session_tasks_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_tasks")),
    )
    op.create_index("ix_session_tasks_office", "session_tasks", ["office"], unique=False)
    op.create_index("ix_session_tasks_session", "session_tasks", ["session"], unique=False)
    op.create_index(
        "ix_matters_centre",
        "matters",
        ["accepted_at", "grid", "closed_at"],
        unique=False,
        sqlite_where=sa.text("channel = 1"),
        postgresql_where=sa.text("channel = 1"),
    )
    op.add_column(
        "offices",
        sa.Column(
            "merged_into",
            sa.Integer(),
            nullable=True,
            comment="the office it became part of; null: it is there",
        ),
    )

    _tell_stays(op.get_bind())


def _tell_stays(connection: sa.Connection) -> None:
    """Fill `stays` from the journals there are, some thousand matters at a time."""
    matters = sa.text(
        "SELECT matter FROM cases WHERE matter > :after ORDER BY matter LIMIT :most"
    )
    lines = sa.text(
        "SELECT matter, step, at, data FROM events WHERE matter BETWEEN :first AND :last "
        "AND step IS NOT NULL"
        " ORDER BY matter, step"
    )
    stays = sa.table(
        "stays",
        *(
            sa.column(name)
            for name in (
                "matter",
                "step",
                "office",
                "since",
                "due_at",
                "until",
                "last",
                "left",
            )
        ),
    )
    after = 0
    while batch := list(connection.scalars(matters, {"after": after, "most": BATCH})):
        after = batch[-1]
        journals: dict[int, list[sa.Row[Any]]] = {}
        for line in connection.execute(lines, {"first": batch[0], "last": after}):
            journals.setdefault(line.matter, []).append(line)
        rows = [row for matter in batch for row in _stays(matter, journals.get(matter, []))]
        if rows:
            connection.execute(sa.insert(stays), rows)


def _stays(matter: int, journal: list[sa.Row[Any]]) -> list[dict[str, int]]:
    """The stays a journal tells of: a new one where the office changes, or the matter opens
    again.
    """
    rows: list[dict[str, int]] = []
    office, status, whole, step_due = 0, -1, 0, 0
    for line in journal:
        told = json.loads(line.data or "{}")
        was_open, before = status in OPEN, office
        office, status = told.get("office", office), told.get("status", status)
        whole, step_due = told.get("due_at", whole), told.get("step_due_at", step_due)
        is_open = status in OPEN
        if was_open and (not is_open or office != before):
            rows[-1].update(
                until=line.at, last=line.step, left=PASSED_ON if is_open else ENDED
            )
        if is_open and (not was_open or office != before):
            due = min((limit for limit in (whole, step_due) if limit), default=0)
            rows.append(
                {
                    "matter": matter,
                    "step": line.step,
                    "office": office,
                    "since": line.at,
                    "due_at": due,
                    "until": 0,
                    "last": 0,
                    "left": STILL,
                }
            )
    return rows
