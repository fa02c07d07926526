"""The field's terms: what codes and keys of the city are called on a page; each is translated where it is shown."""

from __future__ import annotations

from gridmap.model import Channel, Level, Role, Status
from gridmap.ui.words import mark

LEVELS = {
    Level.CITY: mark("City"),
    Level.COUNTY: mark("Counties"),
    Level.TOWNSHIP: mark("Townships"),
    Level.VILLAGE: mark("Villages"),
    Level.GRID: mark("Grids"),
}

STATUSES = {
    Status.REPORTED.name.lower(): mark("Reported"),
    Status.ACCEPTED.name.lower(): mark("Accepted"),
    Status.DISPATCHED.name.lower(): mark("Dispatched"),
    Status.HANDLING.name.lower(): mark("In hand"),
    Status.CLOSED.name.lower(): mark("Closed"),
    Status.REJECTED.name.lower(): mark("Not accepted"),
    Status.VOIDED.name.lower(): mark("Voided"),
    Status.PARKED.name.lower(): mark("Parked"),
}

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
