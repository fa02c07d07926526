"""The field's terms: what codes and keys of the city are called on a page; each is
translated where it is shown.
"""

from __future__ import annotations

from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER, STATES
from gridmap.model import Channel, LayerKind, Level, OfficeKind, Role, UserRole
from gridmap.words import mark

LEVELS = {
    Level.CITY: mark("City"),
    Level.COUNTY: mark("Counties"),
    Level.TOWNSHIP: mark("Townships"),
    Level.VILLAGE: mark("Villages"),
    Level.GRID: mark("Grids"),
}

STATUSES = {status.name.lower(): words for status, words in STATES.items()}

ROLES = {
    Role.GRID_WORKER.value: mark("Grid worker"),
    Role.GRID_LEADER.value: mark("Grid leader"),
    Role.POLICE_OFFICER.value: mark("Police officer"),
    Role.LEGAL_ADVISER.value: mark("Legal adviser"),
    Role.MEDIATOR.value: mark("Mediator"),
    Role.HOUSEHOLD_REPRESENTATIVE.value: mark("Household representative"),
}

CHANNELS = {
    Channel.MOBILE: mark("Mobile report"),
    Channel.CENTRE: mark("Service centre"),
    Channel.HOTLINE: mark("Hotline"),
    Channel.IMPORT: mark("Import"),
}

KINDS = {"basic": mark("Basic grid"), "exclusive": mark("Exclusive grid")}

STEPS = {"day": mark("Day"), "week": mark("Week"), "month": mark("Month")}

REASONS = {
    "malformed": mark("Malformed row"),
    "undecodable": mark("Unreadable characters"),
    "missing_id": mark("No id"),
    "no_coordinates": mark("No coordinates"),
    "not_a_number": mark("Not a number"),
    "implausible_coordinates": mark("Implausible coordinates"),
    "out_of_city": mark("Outside the city"),
    "unknown_category": mark("Unknown category"),
    "not_a_time": mark("Not a time"),
    "impossible_time": mark("Impossible time"),
    "unknown_status": mark("Unknown state"),
    "unknown_channel": mark("Unknown channel"),
    "duplicate_in_file": mark("Twice in the file"),
    "conflict_in_file": mark("Same id, other content, in the file"),
    "duplicate_known": mark("Imported before"),
    "conflict_known": mark("Same id, other content, known"),
}

CURES = {
    "malformed": mark(
        "Give the row as many fields as the header has; in NDJSON, one JSON object."
    ),
    "undecodable": mark("Save the file again as UTF-8 or GB18030."),
    "missing_id": mark("Give each report an id of its own."),
    "no_coordinates": mark("Fill in longitude and latitude."),
    "not_a_number": mark("Write a number."),
    "implausible_coordinates": mark(
        "Check the axis order and the coordinate system (--crs)."
    ),
    "out_of_city": mark("Check the place: it lies in no grid."),
    "unknown_category": mark("Use a code of the category tree."),
    "not_a_time": mark("Write the time as 2024-05-21T08:46:00+08:00."),
    "impossible_time": mark("Check the times: not in the future, none before the report."),
    "unknown_status": mark("Use a known state of a matter."),
    "unknown_channel": mark("Use a known channel: mobile, centre, hotline, import."),
    "duplicate_in_file": mark("Nothing to do: the same row stands further up."),
    "conflict_in_file": mark(
        "Give it its own id: the same id stands further up with other content."
    ),
    "duplicate_known": mark("Nothing to do: imported before."),
    "conflict_known": mark(
        "Check it, or give it its own id: the id is known with other content."
    ),
}

IMPORT_KINDS = {
    "reports": mark("Report files"),
    "grids": mark("Grid layers"),
    "workers": mark("Staff lists"),
    "users": mark("User lists"),
    "offices": mark("Office lists"),
    "layers": mark("Reference layers"),
    "plan": mark("Edited plans"),
}

IMPORT_STATES = {
    "staged": mark("Being read"),
    "committing": mark("Being written"),
    "visible": mark("Visible"),
    "discarded": mark("Discarded"),
}

FAULT_RULES = {
    "malformed_code": mark("Malformed code"),
    "duplicate_code": mark("Code twice"),
    "empty": mark("Empty shape"),
    "invalid": mark("Invalid shape"),
    "overlap": mark("Overlap"),
    "gap": mark("Gap"),
    "sliver": mark("Sliver"),
    "unmatched": mark("Unmatched vertices"),
    "not_nested": mark("Outside its unit"),
}
"""What can be wrong with a layer of grids; see `gridmap.geo.coverage.RULES`."""

FAULT_CURES = {
    "malformed_code": mark(
        "Give each grid its 15 digits: county 6, township 3, village 3, grid 3."
    ),
    "duplicate_code": mark(
        "Keep one row of each code; a grid in several parts is one multipolygon."
    ),
    "empty": mark("Draw the grid, or leave its row out."),
    "invalid": mark(
        "Redraw the border so that it does not cross itself, or have it repaired."
    ),
    "overlap": mark(
        "Give the area to one of the grids; repair does when it is no wider than the tolerance."
    ),
    "gap": mark(
        "Give the area to a neighbour; repair does when it is no wider than the tolerance."
    ),
    "sliver": mark("Give the narrow part to a neighbour; repair does when it is detached."),
    "unmatched": mark(
        "Nothing to do: the import adds the missing vertices, and no border moves."
    ),
    "not_nested": mark(
        "Keep the grid inside the unit its code begins with, or correct its code."
    ),
}

LAYER_KINDS = {
    LayerKind.ROADS.value: mark("Roads"),
    LayerKind.BUILDINGS.value: mark("Buildings"),
    LayerKind.WATER.value: mark("Water"),
    LayerKind.PLACES.value: mark("Points of interest"),
    LayerKind.OTHER.value: mark("Other"),
}

PLAN_STATES = {"in_force": mark("In force"), "past": mark("Past")}

DRAFT_STATES = {
    "draft": mark("Being drawn"),
    "submitted": mark("Submitted"),
    "returned": mark("Returned"),
    "approved": mark("Approved"),
    "published": mark("Published"),
    "dropped": mark("Dropped"),
}

TOOLS = {
    "split": mark("Split"),
    "split_even": mark("Split evenly"),
    "merge": mark("Merge"),
    "reshape": mark("Reshape"),
    "transfer": mark("Pass on land"),
    "carve": mark("Carve out"),
    "describe": mark("Describe"),
    "import": mark("Edited layer"),
    "suggest": mark("Proposal taken"),
}
"""What can be done in a draft."""

DIFFERENCES = {
    "unchanged": mark("Unchanged"),
    "reshaped": mark("Reshaped"),
    "split": mark("Split off"),
    "merged": mark("Merged"),
    "new": mark("New"),
    "gone": mark("Gone"),
    "described": mark("Described anew"),
}

USER_ROLES = {
    UserRole.PUBLIC.value: mark("Resident"),
    UserRole.GRID_WORKER.value: mark("Grid worker"),
    UserRole.CLERK.value: mark("Desk clerk"),
    UserRole.DISPATCHER.value: mark("Dispatcher"),
    UserRole.HANDLER.value: mark("Handler"),
    UserRole.VERIFIER.value: mark("Verifier"),
    UserRole.CHIEF.value: mark("Chief"),
    UserRole.COMMANDER.value: mark("Commander"),
    UserRole.PLANNER.value: mark("Grid planner"),
    UserRole.LEADER.value: mark("Leader"),
    UserRole.ADMIN.value: mark("Administrator"),
    UserRole.SYSTEM.value: mark("The platform"),
}

OFFICE_KINDS = {
    OfficeKind.VILLAGE.value: mark("Village desk"),
    OfficeKind.TOWNSHIP.value: mark("Township desk"),
    OfficeKind.COUNTY.value: mark("County desk"),
    OfficeKind.CITY.value: mark("City desk"),
    OfficeKind.DEPARTMENT.value: mark("Department"),
}

LINKS = {
    "report": mark("Collection"),
    "accept": mark("Acceptance"),
    "dispatch": mark("Dispatching"),
    "handle": mark("Handling"),
    "answer": mark("Reporting back"),
    "close": mark("Closing"),
    "evaluate": mark("Evaluation"),
}
"""The seven links of the main line, each by the move that makes it."""

MOVES = {str(act): MATTER.label(act) for act in Act}

BOXES = {
    "new": mark("New"),
    "near_due": mark("Near due"),
    "overdue": mark("Overdue"),
    "whistled": mark("Whistled"),
    "supervised": mark("Supervised"),
    "mine": mark("In my hands"),
}
"""The boxes of an inbox."""

FLAGS = {
    "near_due": mark("Near due"),
    "overdue": mark("Overdue"),
    "whistled": mark("Whistle open"),
    "supervised": mark("Under supervision"),
}
"""What a list of matters can be narrowed to."""

ORDER_FIELDS = {
    field.name: field.label
    for field in MATTER.fields
    if any(field.name in move.needs for move in MATTER.moves)
}
"""What a move may need, by the fields of an order."""

WINDOW_KINDS = {"resident": mark("Resident unit"), "rotating": mark("Rotating unit")}

LIMIT_STEPS = {
    "accept": mark("Acceptance"),
    "dispatch": mark("Dispatching"),
    "handle": mark("Beginning to handle"),
    "verify": mark("Verification"),
    "heed": mark("Answering a whistle"),
}
"""The steps that have limits of their own."""

LIMIT_UNITS = {
    "minutes": mark("minutes"),
    "working_hours": mark("working hours"),
    "working_days": mark("working days"),
    "calendar_days": mark("calendar days"),
}

FIELDS = {
    **ORDER_FIELDS,
    "category": mark("Category"),
    "lon": mark("Place"),
    "lat": mark("Place"),
    "lon, lat": mark("Place"),
    "text": mark("Words of the report"),
    "address": mark("Address"),
    "contact": mark("Contact"),
    "photo": mark("Photo"),
    "photos": mark("Photo"),
    "platform": mark("Platform"),
    "unit": mark("Unit"),
    "kind": mark("Kind"),
    "weekdays": mark("Days of the week"),
    "window": mark("Window"),
    "starts": mark("First day"),
    "ends": mark("Last day"),
    "stand_in": mark("Stand-in"),
    "target": mark("Takes over"),
    "matters": mark("Matters"),
    "days": mark("Period, days"),
    "label": mark("Label"),
    "areas": mark("Places"),
    "area": mark("Place"),
    "first": mark("First desk"),
    "department": mark("Department"),
    "position": mark("Order"),
    "step": mark("Step of the flow"),
    "amount": mark("Limit"),
    "day": mark("Date"),
    "working": mark("Working day"),
    "note": mark("Note"),
    "words": mark("Words"),
    "title": mark("Title"),
    "checklist": mark("Checklist"),
    "answers": mark("Answers"),
    "due_at": mark("To be done by"),
    "grid": mark("Grid"),
    "mediator": mark("Mediator"),
    "matter": mark("Matter"),
    "name": mark("Name"),
    "specialities": mark("Specialities"),
    "capacity": mark("Capacity"),
    "roles": mark("Who is present"),
    "judgement": mark("Judgement"),
    "task": mark("What is to be done"),
    "decision": mark("Decision"),
    "village": mark("Village"),
    "year": mark("Year"),
    "yuan": mark("Collective income (yuan)"),
    "answer": mark("Answer of the unit"),
    "verdict": mark("Verdict"),
    "measure": mark("Measure"),
    "threshold": mark("Threshold"),
    "least": mark("At least so many matters"),
    "interview": mark("Interview"),
    "active": mark("In use"),
    "platform_en": mark("Platform in English"),
    "unit_en": mark("Unit in English"),
    # Columns of tables
    "number": mark("Case number"),
    "what": mark("Category"),
    "where": mark("Place"),
    "place": mark("Place"),
    "state": mark("State"),
    "stand": mark("How it stands"),
    "reported": mark("Reported"),
    "due": mark("Due"),
    "whose": mark("Whose move"),
    "unit_name": mark("Unit"),
    "office_name": mark("Unit"),
    "group_name": mark("Working group"),
    "phone": mark("Duty telephone"),
    "kind_name": mark("Kind"),
    "tasks": mark("Tasks"),
    "undone": mark("not done"),
    "made": mark("Made"),
    "share": mark("Share"),
    "grids": mark("Grids"),
    "households": mark("Households"),
    "reports": mark("Reports"),
    "workers": mark("Workers"),
}
"""What a field is called, in forms, tables and refusals, wherever its name says what it is;
a form or table where it is something else says so itself.
"""
