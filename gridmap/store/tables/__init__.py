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
from gridmap.store.tables.mediation import dispute_lines, disputes, mediators
from gridmap.store.tables.people import absences, device_keys, duties, offices, users, windows
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
from gridmap.store.tables.tasks import task_findings, task_parts, tasks

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
    "dispute_lines",
    "disputes",
    "duties",
    "events",
    "grids",
    "holidays",
    "import_commits",
    "imports",
    "matters",
    "mediators",
    "meta",
    "metadata",
    "offices",
    "outbox",
    "plans",
    "routing_rules",
    "serials",
    "step_limits",
    "task_findings",
    "task_parts",
    "tasks",
    "unit_shapes",
    "units",
    "users",
    "visits",
    "whistles",
    "windows",
    "workers",
]
