"""The values everybody speaks of: levels, kinds, roles, states."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """A management level; the numbers order them from the city down."""

    CITY = 0
    COUNTY = 1
    TOWNSHIP = 2
    VILLAGE = 3
    GRID = 4

    @property
    def digits(self) -> int:
        """Number of digits of a code of this level."""
        return (4, 6, 9, 12, 15)[self]

    @property
    def below(self) -> Level:
        """The next level down; a grid is its own lowest."""
        return Level(min(self + 1, Level.GRID))


class GridKind(StrEnum):
    """基础 basic: a place where people live; 专属 exclusive: a market, a school, a park."""

    BASIC = "basic"
    EXCLUSIVE = "exclusive"


class Role(StrEnum):
    """What a worker is in the area assigned to them."""

    GRID_WORKER = "grid_worker"
    GRID_LEADER = "grid_leader"
    POLICE_OFFICER = "police_officer"
    LEGAL_ADVISER = "legal_adviser"
    MEDIATOR = "mediator"
    HOUSEHOLD_REPRESENTATIVE = "household_representative"


VILLAGE_ROLES = (Role.POLICE_OFFICER, Role.LEGAL_ADVISER, Role.MEDIATOR)
"""Every village has, or visibly lacks, each of these ("one village, one …")."""


STAFF_ROLES = (*VILLAGE_ROLES, Role.HOUSEHOLD_REPRESENTATIVE)
"""What a village is staffed with: one of each of the above, and representatives of its
joint households.
"""

CHIEF_LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE, Level.GRID)
"""Every place of these levels has, or visibly lacks, a named chief."""


class Status(IntEnum):
    """Where a matter stands; stored as a small number."""

    REPORTED = 0
    ACCEPTED = 1
    DISPATCHED = 2
    HANDLING = 3
    CLOSED = 4
    REJECTED = 5
    VOIDED = 6
    PARKED = 7
    ANSWERED = 8

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to move."""
        return self in OPEN_STATUSES


OPEN_STATUSES = frozenset(
    {
        Status.REPORTED,
        Status.ACCEPTED,
        Status.DISPATCHED,
        Status.HANDLING,
        Status.ANSWERED,
        Status.PARKED,
    }
)


class Channel(IntEnum):
    """How a report came in."""

    MOBILE = 0
    CENTRE = 1
    HOTLINE = 2
    IMPORT = 3


class LimitUnit(StrEnum):
    """The unit a time limit is counted in."""

    MINUTES = "minutes"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class UserRole(StrEnum):
    """What a user is on the platform; which moves it allows, and where, stands in
    `gridmap.cases.matters.kind`.
    """

    PUBLIC = "public"
    GRID_WORKER = "grid_worker"
    CLERK = "clerk"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    VERIFIER = "verifier"
    CHIEF = "chief"
    COMMANDER = "commander"
    PLANNER = "planner"
    LEADER = "leader"
    ADMIN = "admin"
    SYSTEM = "system"


class OfficeKind(StrEnum):
    """What an office is: the one-stop desk of a level, or a department beside it."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    CITY = "city"
    DEPARTMENT = "department"


class LayerKind(StrEnum):
    """What a reference layer shows; it tells how the layer is drawn."""

    ROADS = "roads"
    BUILDINGS = "buildings"
    WATER = "water"
    PLACES = "places"
    OTHER = "other"
