"""The tables of the truth, one definition for SQLite and PostgreSQL."""

from __future__ import annotations

from gridmap.cases.registry import PLAIN
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
from gridmap.store.tables.headquarters import (
    group_departments,
    interview_entries,
    interviews,
    lag_rules,
    office_changes,
    session_entries,
    session_matters,
    session_order_entries,
    session_orders,
    sessions,
    stays,
    working_groups,
)
from gridmap.store.tables.layers import basemaps, layer_features, layers
from gridmap.store.tables.mediation import dispute_lines, disputes, mediators
from gridmap.store.tables.people import (
    absences,
    device_keys,
    duties,
    offices,
    users,
    windows,
)
from gridmap.store.tables.planning import draft_comments, draft_locks, draft_steps, drafts
from gridmap.store.tables.records import RECORD_TABLES, add_plain_tables
from gridmap.store.tables.reports import (
    TAKEN_IN,
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
from gridmap.store.tables.villages import (
    contract_entries,
    contracts,
    deliberation_entries,
    deliberation_matters,
    deliberations,
    village_incomes,
)

add_plain_tables(PLAIN)

__all__ = [
    "NAMING",
    "RECORD_TABLES",
    "RUNNING",
    "TAKEN_IN",
    "Serial",
    "SmallSerial",
    "absences",
    "alarms",
    "assignments",
    "attachments",
    "basemaps",
    "cases",
    "categories",
    "contract_entries",
    "contracts",
    "deliberation_entries",
    "deliberation_matters",
    "deliberations",
    "device_keys",
    "dispute_lines",
    "disputes",
    "draft_comments",
    "draft_locks",
    "draft_steps",
    "drafts",
    "duties",
    "events",
    "grids",
    "group_departments",
    "holidays",
    "import_commits",
    "imports",
    "interview_entries",
    "interviews",
    "lag_rules",
    "layer_features",
    "layers",
    "matters",
    "mediators",
    "meta",
    "metadata",
    "office_changes",
    "offices",
    "outbox",
    "plans",
    "routing_rules",
    "serials",
    "session_entries",
    "session_matters",
    "session_order_entries",
    "session_orders",
    "sessions",
    "stays",
    "step_limits",
    "task_findings",
    "task_parts",
    "tasks",
    "unit_shapes",
    "units",
    "users",
    "village_incomes",
    "visits",
    "whistles",
    "windows",
    "workers",
    "working_groups",
]
