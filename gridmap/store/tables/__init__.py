"""The tables of the truth, one definition for SQLite and PostgreSQL."""

from __future__ import annotations

from gridmap.store.tables.base import NAMING, Serial, SmallSerial, meta, metadata
from gridmap.store.tables.flow import (
    RUNNING,
    alarms,
    attachments,
    cases,
    holidays,
    outbox,
    routing_rules,
    serials,
    step_limits,
    whistles,
)
from gridmap.store.tables.ground import grids, plans, unit_shapes, units
from gridmap.store.tables.people import absences, device_keys, duties, offices, users, windows
from gridmap.store.tables.planning import draft_comments, draft_locks, draft_steps, drafts
from gridmap.store.tables.reports import (
    assignments,
    categories,
    events,
    import_commits,
    imports,
    matters,
    visits,
    workers,
)

__all__ = [
    "NAMING",
    "RUNNING",
    "Serial",
    "SmallSerial",
    "absences",
    "alarms",
    "assignments",
    "attachments",
    "cases",
    "categories",
    "device_keys",
    "draft_comments",
    "draft_locks",
    "draft_steps",
    "drafts",
    "duties",
    "events",
    "grids",
    "holidays",
    "import_commits",
    "imports",
    "matters",
    "meta",
    "metadata",
    "offices",
    "outbox",
    "plans",
    "routing_rules",
    "serials",
    "step_limits",
    "unit_shapes",
    "units",
    "users",
    "visits",
    "whistles",
    "windows",
    "workers",
]
