"""Who may change what about whom: the admin of the area, chief and clerk for their own office."""

from __future__ import annotations

from gridmap.cases.actors import Actor
from gridmap.errors import ForbiddenError
from gridmap.model import UserRole
from gridmap.store.people.people import User
from gridmap.words import mark

NOT_THEIRS = mark(
    "Only the administrator of the area, and chiefs and clerks of the person's office, may do this."
)
NOT_ADMIN = mark("Only the administrator of this area may do this.")
_OFFICE_ROLES = frozenset({UserRole.CHIEF, UserRole.CLERK})


def may_manage(actor: Actor, user: User) -> bool:
    """Whether `actor` may note absences of `user`, give their keys, hand over their work."""
    if actor.role is UserRole.SYSTEM:
        return True
    if actor.role is UserRole.ADMIN:
        return actor.covers(user.area)
    return actor.role in _OFFICE_ROLES and actor.office == user.office != 0


def check_manages(actor: Actor, *people: User, oneself: bool = False) -> None:
    """Raise ForbiddenError unless `actor` may manage all of `people`, or (with `oneself`)
    is the one in question.
    """
    for user in people:
        if oneself and actor.user == user.id and not actor.instead_of:
            continue
        if not may_manage(actor, user):
            raise ForbiddenError(NOT_THEIRS)


def check_administers(actor: Actor, area: int) -> None:
    """Raise ForbiddenError unless `actor` is the admin of `area`, or the command line."""
    if actor.role is UserRole.SYSTEM or (
        actor.role is UserRole.ADMIN and actor.covers(area)
    ):
        return
    raise ForbiddenError(NOT_ADMIN)
