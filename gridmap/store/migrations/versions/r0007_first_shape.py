"""The first shape: every table of the truth, as they stood before the first release.

It carries the number of the last of seven migrations it replaces, so that a home those made
is up to date. It is not edited: what changes later is a migration of its own, and what the
tables are today stands in `gridmap.store.tables`.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from gridmap.store.tables.base import NAMING

revision = "0007"
down_revision = None

BIG, INT, SMALL = sa.BigInteger(), sa.Integer(), sa.SmallInteger()
DOUBLE: sa.Double[float] = sa.Double()
FLOAT, BOOL = sa.Float(), sa.Boolean()
TEXT, DATE, BYTES = sa.Text(), sa.Date(), sa.LargeBinary()
TEXT_C = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL_SERIAL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")

Kind = sa.types.TypeEngine[Any]

shape = sa.MetaData(naming_convention=NAMING)


def upgrade() -> None:
    """Create the tables with their indexes."""
    shape.create_all(op.get_bind(), checkfirst=False)


def table(name: str, *items: sa.schema.SchemaItem) -> None:
    """Declare a table of the shape."""
    sa.Table(name, shape, *items)


def column(
    name: str,
    kind: Kind,
    words: str | None = None,
    *,
    of: str | None = None,
    **options: Any,
) -> sa.Column[Any]:
    """A column that is always filled; `of`: the column it refers to."""
    refers = [sa.ForeignKey(of)] if of else []
    return sa.Column(name, kind, *refers, comment=words, **{"nullable": False} | options)


def optional(
    name: str, kind: Kind, words: str | None = None, **options: Any
) -> sa.Column[Any]:
    """A column that may be null."""
    return column(name, kind, words, nullable=True, **options)


def zero(name: str, words: str | None = None, *, kind: Kind = BIG) -> sa.Column[Any]:
    """A number that is 0 where nothing is said."""
    return column(name, kind, words, server_default="0")


def key(
    name: str, kind: Kind, words: str | None = None, *, of: str | None = None
) -> sa.Column[Any]:
    """A column of the primary key, given by who writes the row."""
    return column(name, kind, words, of=of, primary_key=True, autoincrement=False)


def serial(name: str, kind: Kind = SERIAL) -> sa.Column[Any]:
    """A primary key the database counts."""
    return column(name, kind, primary_key=True)


def box() -> list[sa.Column[Any]]:
    """The sides of a bounding box, in degrees."""
    return [column(side, DOUBLE) for side in ("west", "south", "east", "north")]


def record(name: str, what: str, *, of: str) -> None:
    """The entries of an append-only record of `what`."""
    table(
        name,
        key(what, BIG, of=of),
        key("number", INT),
        column("act", TEXT),
        column("at", BIG),
        column("actor", BIG),
        column("data", TEXT, "JSON: what was decided"),
    )


def index(
    name: str, *columns: str, unique: bool = False, where: str | None = None
) -> sa.Index:
    """An index of all rows, or of those of `where` alone, on either database."""
    if where is None:
        return sa.Index(name, *columns, unique=unique)
    some = sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=some, postgresql_where=some)


table(
    "meta",
    key("key", TEXT),
    column("value", TEXT),
)

# Places: divisions, plans, grids.

table(
    "units",
    key("code", SERIAL),
    column("level", SMALL),
    column("name", TEXT),
    column("name_en", TEXT),
    optional("parent", BIG),
    index("ix_units_parent", "parent"),
)
table(
    "unit_shapes",
    key("plan", INT, "0: as the divisions' source gave it"),
    key("code", BIG),
    column("wkb", BYTES),
)
table(
    "plans",
    serial("id", INT),
    optional("parent", INT, of="plans.id"),
    column("name", TEXT),
    column("state", TEXT, "in_force or past"),
    column("valid_from", DATE),
    optional("valid_to", DATE, "first day it is no longer in force"),
    column("digest", TEXT),
    optional("draft", BIG, "the draft it was published from"),
    optional("restores", INT, "the earlier plan whose grids it brings back"),
    optional("published_by", BIG),
    optional("published_at", BIG),
    optional(
        "moved",
        TEXT,
        "JSON: what publishing moved with the grids, so that it can be taken back",
    ),
)
table(
    "grids",
    key("plan", INT, of="plans.id"),
    key("code", BIG),
    column("name", TEXT),
    column("kind", TEXT),
    column("households", INT),
    column("population", INT),
    column("wkb", BYTES, "EPSG:4490"),
    column("valid_from", DATE),
    optional("valid_to", DATE),
    optional("predecessors", TEXT, "JSON list of codes"),
)

# People: offices, users, absences, device keys, windows and who sits there.

table(
    "offices",
    serial("id", INT),
    column("kind", TEXT, "OfficeKind"),
    column("name", TEXT),
    column("name_en", TEXT),
    column("area", BIG, "the division it works for"),
    optional(
        "department",
        TEXT,
        "of a department: its name in categories.handler and in routing rules",
    ),
    optional("phone", TEXT, "duty telephone"),
    optional("merged_into", INT, "the office it became part of; null: it is there"),
    index("ix_offices_area", "area"),
)
table(
    "users",
    serial("id"),
    column("login", TEXT, unique=True),
    column("name", TEXT),
    column("role", TEXT, "UserRole"),
    optional("office", INT, of="offices.id"),
    column("area", BIG, "the place this user answers for"),
    optional("worker", INT, "the same person in the staff list", of="workers.id"),
    optional("phone", TEXT),
    column("active", BOOL),
    column("demo", BOOL, "may be taken by the demonstration's sign-in"),
    index("ix_users_area", "area"),
    index("ix_users_office", "office"),
    index("ix_users_worker", "worker"),
)
table(
    "absences",
    serial("id"),
    column("user", BIG, of="users.id"),
    optional("stand_in", BIG, of="users.id"),
    column("starts", BIG),
    optional("ends", BIG, "null: until further notice"),
    column("reason", TEXT),
    column("by", BIG),
    index("ix_absences_stand_in", "stand_in"),
    index("ix_absences_user", "user"),
)
table(
    "device_keys",
    serial("id"),
    column("digest", TEXT, "SHA-256 of the key; the key itself is not kept", unique=True),
    column("user", BIG, of="users.id"),
    column("label", TEXT),
    column(
        "areas", TEXT, "JSON list of codes the key may report in; empty: the user's own"
    ),
    column("made_at", BIG),
    optional("used_at", BIG),
    optional("revoked_at", BIG),
    index("ix_device_keys_user", "user"),
)
table(
    "windows",
    serial("id"),
    column("office", INT, "the one-stop centre", of="offices.id"),
    column("platform", TEXT, "one of the centre's working platforms"),
    column("unit", TEXT, "the unit that sits there"),
    optional("platform_en", TEXT, "their names on English pages; null: the same"),
    optional("unit_en", TEXT),
    column("kind", TEXT, "resident or rotating"),
    column("weekdays", TEXT, "JSON list, 1 Monday to 7 Sunday, the unit is on duty"),
    index("ix_windows_office", "office"),
)
table(
    "duties",
    key("window", BIG, of="windows.id"),
    key("day", DATE),
    column("person", TEXT),
    column("at", BIG, "when the presence was noted"),
    column("by", BIG),
)

# Reports: categories, staff, check-ins, imports, matters and their journal.

table(
    "categories",
    key("id", SMALL_SERIAL),
    column("code", TEXT, unique=True),
    optional("parent", TEXT),
    column("zh", TEXT),
    column("en", TEXT),
    column("class", TEXT),
    optional("limit_amount", FLOAT),
    optional("limit_unit", TEXT),
    optional("handler", TEXT),
    column("severity", SMALL),
    column("effort", FLOAT),
    column("rare", BOOL),
)
table(
    "workers",
    key("id", INT),
    column("name", TEXT),
    column("role", TEXT),
    optional("active_from", DATE),
    optional("active_to", DATE),
)
table(
    "assignments",
    serial("id"),
    column("worker", INT, of="workers.id"),
    column("area", BIG),
    column("role", TEXT),
    optional("starts", DATE),
    optional("ends", DATE),
    index("ix_assignments_area", "area"),
)
table(
    "visits",
    serial("id"),
    column("grid", BIG),
    optional("worker", INT),
    column("at", BIG),
    optional(
        "client_id",
        TEXT,
        "a phone's own number of a check-in, so that it may be sent twice",
    ),
    index("ix_visits_grid_at", "grid", "at"),
    index("uq_visits_client_id", "client_id", unique=True),
)
table(
    "imports",
    serial("id", INT),
    column("kind", TEXT),
    column("files", TEXT, "JSON list of names"),
    column("digest", TEXT),
    column("started_at", BIG),
    optional("ended_at", BIG),
    column("state", TEXT, "staged, committing, visible or discarded"),
    zero("rows"),
    zero("accepted"),
    column("rejected_by_reason", TEXT, "JSON object", server_default="{}"),
    optional("reject_file", TEXT),
    optional("reported_from", BIG, "earliest and latest report among the accepted rows"),
    optional("reported_to", BIG),
    optional("staging", TEXT, "folder of the staged rows, below home/staging"),
    index("ix_imports_digest", "digest"),
)
table(
    "import_commits",
    key("import_id", INT, of="imports.id"),
    key("batch", INT, "of the staged ones, from 0"),
    column("rows", INT, "rows that were new to the truth"),
    optional(
        "first",
        BIG,
        "number of its first matter, when they follow one another without a gap",
    ),
)
table(
    "matters",
    serial("id"),
    column("client_id", TEXT_C),
    column("category", SMALL, of="categories.id"),
    column("grid", BIG),
    column("plan", INT),
    column("lon", DOUBLE),
    column("lat", DOUBLE),
    column("reported_at", BIG),
    optional("accepted_at", BIG),
    optional("due_at", BIG),
    optional("closed_at", BIG),
    column("status", SMALL),
    column("channel", SMALL),
    optional("worker", INT),
    optional("text", TEXT),
    optional("import_id", INT, of="imports.id"),
    index("ix_matters_centre", "accepted_at", "grid", "closed_at", where="channel = 1"),
    index("ix_matters_live", "id", where="import_id IS NULL"),
    index("uq_matters_client_id", "client_id", unique=True),
)
table(
    "events",
    serial("seq"),
    column("matter", BIG),
    column("kind", TEXT),
    column("at", BIG),
    optional("actor", TEXT),
    optional("data", TEXT, "JSON"),
    optional(
        "step", INT, "number in the journal of its matter, from 1; null: an imported line"
    ),
    index("ix_events_live", "seq", where="kind != 'imported'"),
    index("ix_events_matter", "matter"),
    index("uq_events_matter_step", "matter", "step", unique=True, where="step IS NOT NULL"),
)

# Matters in motion: cases, photos, rules, limits, alarms, messages, whistles.

table(
    "cases",
    key("matter", BIG),
    column("number", TEXT, "case number", unique=True),
    column("receipt", TEXT, "what the reporter asks with", unique=True),
    optional("digest", TEXT, "SHA-256 of what was sent under the client's id"),
    column("version", INT, "steps in its journal"),
    column("status", SMALL),
    column("category", SMALL),
    column("grid", BIG),
    column("office", INT, "whose move it is; 0: the dispatcher's queue of the area"),
    zero("person"),
    zero("reporter"),
    column("since", BIG, "when the present step began"),
    zero("step_due_at"),
    zero("due_at"),
    column("reported_at", BIG),
    zero("accepted_at"),
    zero("dispatch_due_at"),
    zero("dispatched_at"),
    zero("handled_at"),
    zero("answered_at"),
    zero("closed_at"),
    zero("parked_at"),
    zero("whistles", kind=SMALL),
    zero("whistled_at", "of the open whistle"),
    zero("reworks", kind=SMALL),
    zero("supervised", kind=SMALL),
    zero("reopened", kind=SMALL),
    zero("extension_by", "who asked for the open extension"),
    zero("rating", kind=SMALL),
    zero("parent", "the matter it repeats"),
    column("state", TEXT, "JSON: the rest of the case", server_default="{}"),
    optional("address", TEXT),
    optional(
        "contact",
        TEXT,
        "of the reporter; optional, shown to who handles it, deleted after a period",
    ),
    index("ix_cases_due_at", "due_at"),
    index("ix_cases_office_status", "office", "status"),
    index("ix_cases_parent", "parent"),
    index("ix_cases_person", "person"),
    index("ix_cases_reported_at", "reported_at"),
    index("ix_cases_reporter", "reporter"),
    index("ix_cases_running_due_at", "due_at", where="status IN (0, 1, 2, 3, 8)"),
    index("ix_cases_running_step_due_at", "step_due_at", where="status IN (0, 1, 2, 3, 8)"),
    index(
        "ix_cases_tally",
        "grid",
        "category",
        "status",
        "dispatch_due_at",
        "dispatched_at",
        "handled_at",
        "closed_at",
        "reworks",
        "whistles",
        "matter",
    ),
)
table(
    "serials",
    key("county", INT),
    key("day", INT),
    column("last", INT),
)
table(
    "attachments",
    serial("id"),
    column("digest", TEXT, "SHA-256 of the file as kept, its name below home/photos"),
    optional("matter", BIG, "null: uploaded, not yet used"),
    optional("step", INT),
    optional("client_id", TEXT, unique=True),
    column("kind", TEXT, "media type"),
    column("bytes", INT),
    column("width", INT),
    column("height", INT),
    optional("lon", DOUBLE, "where the picture says it was taken, EPSG:4490"),
    optional("lat", DOUBLE),
    optional("taken_at", BIG, "when the picture says it was taken"),
    column("at", BIG),
    zero("by"),
    index("ix_attachments_matter", "matter"),
)
table(
    "routing_rules",
    serial("id", INT),
    column("position", INT),
    column("category", TEXT, "code or its beginning; empty: every category"),
    column("area", BIG, "a place and all in it; the city's code: everywhere"),
    column("first", TEXT, "OfficeKind of the first desk"),
    optional(
        "department",
        TEXT,
        "who it is dispatched to by default; empty: the first desk's choice",
    ),
    column("active", BOOL),
    optional("note", TEXT),
)
table(
    "step_limits",
    key("step", TEXT, "accept, dispatch, handle, verify, heed"),
    key("category", TEXT, "code or its beginning; empty: every category"),
    column("amount", FLOAT),
    column("unit", TEXT),
)
table(
    "holidays",
    key("day", DATE),
    column("working", BOOL),
    column("note", TEXT),
)
table(
    "alarms",
    key("matter", BIG),
    key("kind", TEXT, "near_due, overdue, step_overdue"),
    key("due_at", BIG, "the limit it is about"),
    column("raised_at", BIG),
    column("office", INT, "whose move it was"),
)
table(
    "outbox",
    serial("id"),
    column("key", TEXT, "one message for one thing, however often it is put", unique=True),
    column("destination", TEXT),
    column("payload", TEXT, "JSON"),
    column("state", TEXT, "waiting, sent, dead"),
    zero("attempts", kind=INT),
    column("made_at", BIG),
    column("next_try", BIG),
    optional("sent_at", BIG),
    optional("last_error", TEXT),
    index("ix_outbox_state_next_try", "state", "next_try"),
)
table(
    "whistles",
    key("matter", BIG),
    key("whistle", INT, "journal step of the whistle"),
    column("from_office", INT),
    column("to_office", INT),
    column("by", BIG),
    column("at", BIG),
    column("due_at", BIG),
    zero("heeded_at"),
    optional("apt", BOOL, "吹哨准: judged apt by who heeded it"),
    zero("rating", "评哨严: 1 to 5 by who whistled", kind=SMALL),
    zero("lapsed_at", "the matter ended before an answer"),
    index("ix_whistles_to_office", "to_office"),
)

# Reference layers and base maps.

table(
    "layers",
    serial("id"),
    column("name", TEXT, unique=True),
    optional("name_en", TEXT, "null: the same"),
    column("kind", TEXT, "roads, buildings, water, places, other"),
    column("file", TEXT, "name of the file it came from"),
    column("digest", TEXT, "SHA-256 of its features as kept"),
    column("rows", INT),
    column("made_at", BIG),
    *box(),
    column("position", INT, "lower ones are drawn first"),
    column("visible", BOOL, "shown until a reader switches it off"),
)
table(
    "layer_features",
    key("layer", BIG, of="layers.id"),
    key("id", INT, "number in its layer, from 1"),
    column("name", TEXT),
    column("wkb", BYTES, "EPSG:4490"),
    *box(),
    optional("households", INT, "of a building; null: not known"),
    index("ix_layer_features_layer_west", "layer", "west"),
)
table(
    "basemaps",
    serial("id"),
    column("name", TEXT),
    column("digest", TEXT, "SHA-256 of the file, its name below home/basemap"),
    column("format", TEXT, "png, jpg, webp"),
    column("crs", TEXT, "wgs84, gcj02, bd09"),
    column("min_zoom", INT),
    column("max_zoom", INT),
    *box(),
    column("made_at", BIG),
)

# Redrawing: drafts of plans with their steps, comments and locks.

table(
    "drafts",
    serial("id"),
    column("base", INT, "the published plan its steps start from", of="plans.id"),
    column("name", TEXT),
    column("owner", BIG, "user; 0: the command line"),
    column("shared", BOOL, "other planners may edit it too"),
    column("state", TEXT, "draft, submitted, returned, approved, published or dropped"),
    column("head", INT, "the step it stands at; 0: the base plan itself"),
    column("version", INT, "counts every change of the draft"),
    column("made_at", BIG),
    column("changed_at", BIG),
    zero("submitted_by"),
    zero("submitted_at"),
    zero("decided_by"),
    zero("decided_at"),
    optional("decision", TEXT, "what who decided wrote"),
    optional("effective", DATE, "asked for: first day in force"),
    optional("plan", INT, "what it was published as", of="plans.id"),
    index("ix_drafts_state", "state"),
)
table(
    "draft_steps",
    key("draft", BIG, of="drafts.id"),
    key("step", INT, "from 1; never changed, never deleted"),
    column("parent", INT, "the step before; 0: the base plan"),
    column("base", INT, "the plan below its first ancestor"),
    column("kind", TEXT, "split, merge, reshape, …"),
    column("grids", TEXT, "JSON list of codes: what it took away and what it made"),
    column("change", BYTES),
    column("by", BIG),
    column("at", BIG),
    optional("note", TEXT),
    column("aside", BOOL, "kept beside the draft: somebody else had saved first"),
)
table(
    "draft_comments",
    serial("id"),
    column("draft", BIG, of="drafts.id"),
    column("by", BIG),
    column("at", BIG),
    column("words", TEXT),
    optional("lon", DOUBLE, "EPSG:4490; null: about the draft as a whole"),
    optional("lat", DOUBLE),
    zero("resolved_by"),
    zero("resolved_at"),
    index("ix_draft_comments_draft", "draft"),
)
table(
    "draft_locks",
    key("draft", BIG, of="drafts.id"),
    key("grid", BIG),
    column("by", BIG),
    column("until", BIG),
    index("ix_draft_locks_grid", "grid"),
)

# Headquarters: where matters lay, working groups, sessions, rules of lagging, interviews.

table(
    "stays",
    key("matter", BIG),
    key("step", INT, "journal step that brought it there"),
    column("office", INT, "0: the dispatcher's queue"),
    column("since", BIG),
    column("due_at", BIG, "limit that ran when it came; 0: no clock ran"),
    zero("until", "0: still there"),
    zero("last", "journal step that ended it", kind=INT),
    zero("left", "0 still there, 1 passed on, 2 ended", kind=SMALL),
    index("ix_stays_office_until", "office", "until"),
    index("ix_stays_since", "since"),
    index("ix_stays_until", "until"),
)
table(
    "working_groups",
    serial("id"),
    column("position", INT),
    column("name", TEXT),
    column("name_en", TEXT),
    optional("duty", TEXT, "what it answers for"),
)
table(
    "group_departments",
    key("group", BIG, of="working_groups.id"),
    key("department", TEXT, "as offices and routing rules name it"),
)
table(
    "sessions",
    serial("id"),
    column("title", TEXT),
    column("area", BIG),
    column("state", TEXT, "open, adjourned, closed"),
    column("opened_at", BIG),
    column("opened_by", BIG),
    column("roles", TEXT, "JSON list: who is present, by role"),
    zero("resumes_at", "of an adjourned one"),
    column("decision", TEXT, server_default=""),
    zero("closed_at"),
    zero("closed_by"),
    index("ix_sessions_state", "state"),
)
table(
    "session_matters",
    key("session", BIG, of="sessions.id"),
    key("matter", BIG),
    column("position", INT),
    column("judgement", TEXT, server_default=""),
    index("ix_session_matters_matter", "matter"),
)
table(
    "session_tasks",
    serial("id"),
    column("session", BIG, of="sessions.id"),
    column("matter", BIG),
    optional("group", BIG, of="working_groups.id"),
    column("office", INT, "who has to act"),
    column("task", TEXT),
    column("due_at", BIG),
    column("answer", TEXT, server_default=""),
    zero("answered_at"),
    zero("answered_by"),
    zero("done_at", "accepted by the headquarters"),
    zero("done_by"),
    index("ix_session_tasks_office", "office"),
    index("ix_session_tasks_session", "session"),
)
table(
    "session_lines",
    serial("id"),
    column("session", BIG, of="sessions.id"),
    column("at", BIG),
    column("by", BIG),
    column("kind", TEXT, "opened, picked, judged, assigned, adjourned, resumed, closed, …"),
    column("data", TEXT, "JSON"),
    index("ix_session_lines_session", "session"),
)
table(
    "lag_rules",
    serial("id"),
    column("position", INT),
    column("measure", TEXT),
    column("threshold", FLOAT),
    column("least", INT, "with fewer matters to count the rule says nothing"),
    column("days", INT, "period it looks at, in days up to now"),
    column("kind", TEXT, "OfficeKind it holds for; empty: every office"),
    column("interview", BOOL, "ask for an interview; else supervise the matters only"),
    column("active", BOOL),
)
table(
    "interviews",
    serial("id"),
    column("office", INT),
    column("rule", BIG, "lag_rules.id at that time; 0: without a rule"),
    column("reason", TEXT, "JSON: what the rule said and what was counted"),
    column("words", TEXT, "what is expected"),
    column("asked_at", BIG),
    column("asked_by", BIG),
    column("due_at", BIG),
    column("answer", TEXT, server_default=""),
    zero("answered_at"),
    zero("answered_by"),
    zero("closed_at"),
    zero("closed_by"),
    column("verdict", TEXT, server_default=""),
    index("ix_interviews_office", "office"),
)
table(
    "office_changes",
    serial("id"),
    column("office", INT),
    column("at", BIG),
    column("by", BIG),
    column("kind", TEXT, "renamed, merged"),
    column("data", TEXT, "JSON: names before and after, or what moved into which office"),
    index("ix_office_changes_office", "office"),
)

# Tasks that go down to grids.

table(
    "tasks",
    serial("id"),
    optional("client_id", TEXT, "makes it safe to send it again", unique=True),
    column("kind", TEXT, "visit, hazard_check, law"),
    column("title", TEXT),
    optional("text", TEXT),
    column("areas", TEXT, "JSON list of the places it was made for"),
    column("checklist", TEXT, "JSON list of questions, answered yes or no"),
    column("due_at", BIG),
    column("made_at", BIG),
    column("made_by", BIG),
    zero("withdrawn_at"),
    optional("withdrawn_why", TEXT),
)
table(
    "task_parts",
    key("task", BIG, of="tasks.id"),
    key("grid", BIG),
    column(
        "lon", DOUBLE, "a place inside the grid, EPSG:4490: where it lies when borders move"
    ),
    column("lat", DOUBLE),
    optional("was", BIG, "the grid it moved here from when borders were redrawn"),
    zero("done_at"),
    zero("done_by"),
    optional("answers", TEXT, "JSON list of true or false, one a question"),
    optional("text", TEXT),
    optional("photos", TEXT, "JSON list of attachments"),
    optional("client_id", TEXT, "a phone's own number of what it sent", unique=True),
    index("ix_task_parts_grid", "grid"),
)
table(
    "task_findings",
    key("task", BIG, of="tasks.id"),
    key("matter", BIG),
    column("grid", BIG),
    index("ix_task_findings_matter", "matter"),
)

# Mediation: mediators, disputes and their journal.

table(
    "mediators",
    serial("id"),
    column("name", TEXT),
    column("kind", TEXT, "MediatorKind"),
    column("area", BIG, "the place served"),
    column("specialities", TEXT, "JSON list of kinds of disputes"),
    column("capacity", INT, "open disputes at a time"),
    optional("active_from", DATE),
    optional("active_to", DATE, "last day in office"),
    index("ix_mediators_area", "area"),
)
table(
    "disputes",
    serial("id"),
    optional("client_id", TEXT, "makes it safe to send it again", unique=True),
    column("area", BIG, "a village or grid, or a larger place"),
    column("source", TEXT, "petition, police, court"),
    column("kind", TEXT, "what it is about; mediators have the same as specialities"),
    column("parties", TEXT, "JSON list of roles; no names are kept"),
    optional("text", TEXT, "in a sentence, without names"),
    optional("matter", BIG, "the matter it arose from"),
    optional("slip", TEXT, "number of the court's referral slip"),
    zero("return_due_at", "when the slip is due back"),
    column("version", INT, "lines in its journal"),
    column("state", TEXT),
    optional("mediator", BIG, of="mediators.id"),
    column("entrusted_at", BIG),
    zero("sessions", kind=INT),
    zero("agreed_at", "of the agreement in force"),
    zero("ended_at"),
    zero("follow_up_at", "when the agreement is visited"),
    zero("visited_at"),
    zero("relapses", kind=INT),
    zero("returned_at", "when the slip went back"),
    column(
        "late", BOOL, "it went back after the day it was due", server_default=sa.false()
    ),
    column("explained", BOOL, "why it was late has been said", server_default=sa.false()),
    column("last_at", BIG),
    index("ix_disputes_area", "area"),
    index("ix_disputes_entrusted_at", "entrusted_at"),
    index("ix_disputes_matter", "matter"),
    index("ix_disputes_mediator", "mediator"),
)

record("dispute_lines", "dispute", of="disputes.id")

# Village work: contracts, income, deliberations, each with its record.

table(
    "contracts",
    serial("id"),
    optional("client_id", TEXT, "makes it safe to send it again", unique=True),
    column("village", BIG),
    column("kind", TEXT, "what is let"),
    column("title", TEXT, "what the village calls it; no names of persons"),
    column("area_written", DOUBLE, "mu, as the contract says"),
    column("price_before", DOUBLE, "yuan per mu and year"),
    zero("area_measured", "mu; 0: not measured yet", kind=DOUBLE),
    zero("price_after", "yuan per mu and year", kind=DOUBLE),
    column("irregular", BOOL, "what the last review found", server_default=sa.false()),
    column("state", TEXT),
    column("version", INT, "entries in its record"),
    column("listed_at", BIG),
    zero("published_at"),
    zero("reviewed_at"),
    zero("reviewed_by"),
    zero("decided_at", "kept or cleared"),
    zero("relapses", kind=INT),
    column("last_at", BIG),
    index("ix_contracts_village", "village"),
)
table(
    "village_incomes",
    serial("id"),
    column("village", BIG),
    column("year", INT),
    column("yuan", BIG, "income of the village collective in that year"),
    column("at", BIG, "when it was noted; the latest of a year counts"),
    column("by", BIG),
    optional("words", TEXT, "where the figure is from, or why it is corrected"),
    index("ix_village_incomes_village", "village"),
)
table(
    "deliberations",
    serial("id"),
    optional("client_id", TEXT, "makes it safe to send it again", unique=True),
    column("area", BIG, "a village or grid"),
    column("kind", TEXT, "households, council"),
    column("title", TEXT),
    column("state", TEXT),
    column("version", INT, "entries in its record"),
    column("meetings", INT),
    zero("objections", kind=INT),
    optional("decision", TEXT, "the one in force"),
    column("met_at", BIG, "the last meeting"),
    zero("resume_at", "when an adjourned one goes on"),
    zero("decided_at"),
    zero("notice_until", "end of the public notice"),
    zero("follow_up_at", "when it is to be followed up"),
    zero("done_at"),
    column("last_at", BIG),
    index("ix_deliberations_area", "area"),
)
table(
    "deliberation_matters",
    key("deliberation", BIG, of="deliberations.id"),
    key("matter", BIG),
    index("ix_deliberation_matters_matter", "matter"),
)
record("contract_entries", "contract", of="contracts.id")
record("deliberation_entries", "deliberation", of="deliberations.id")
