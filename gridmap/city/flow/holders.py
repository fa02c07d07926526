"""Whose move an open matter is: unit, responsible person, and the duty telephone to ring."""

from __future__ import annotations

from dataclasses import dataclass, field

from gridmap.city.people.directory import Directory
from gridmap.codes import ancestors
from gridmap.model import Status, UserRole
from gridmap.store.people.people import User

_ACTING = (UserRole.HANDLER, UserRole.CLERK, UserRole.DISPATCHER, UserRole.CHIEF)


@dataclass(frozen=True, slots=True)
class Holder:
    """Office (0: the dispatcher's queue), user (0: nobody is there) and telephone ("": none
    is known).
    """

    office: int
    user: int
    phone: str


@dataclass
class Holders:
    """Finds holders in one state of the directory; keeps what it found for a place."""

    directory: Directory
    _known: dict[tuple[UserRole, int], User | None] = field(default_factory=dict)

    def of(self, status: Status, office: int, person: int, grid: int) -> Holder:
        """Who has to move a matter of `grid` (code) in `status` that lies with `office` in
        the hands of `person`.

        In nobody's hands it is whoever acts for the office first; from the dispatcher's
        queue the dispatcher, and to be verified the verifier, of the smallest place around
        it. The telephone is the office's duty telephone, or the person's own.
        """
        if status is Status.ANSWERED:
            return self._of_user(self._over(UserRole.VERIFIER, grid), office)
        if not office:
            found = self._over(UserRole.DISPATCHER, grid)
            return Holder(
                0,
                found.id if found else 0,
                self._phone(found.office if found else 0, found),
            )
        user = self.directory.users.get(person) if person else self.acting(office)
        return Holder(office, user.id if user else 0, self._phone(office, user))

    def acting(self, office: int) -> User | None:
        """Who acts for an office first: a handler or clerk before a chief; None when nobody
        works there.
        """
        members = self.directory.members.get(office, ())
        ranked = [user for role in _ACTING for user in members if user.role is role]
        return next(iter([*ranked, *members]), None)

    def _of_user(self, user: User | None, otherwise: int) -> Holder:
        office = user.office if user and user.office else otherwise
        return Holder(office, user.id if user else 0, self._phone(office, user))

    def _phone(self, office: int, user: User | None) -> str:
        known = self.directory.offices.get(office)
        return (known.phone if known else "") or (user.phone if user else "")

    def _over(self, role: UserRole, grid: int) -> User | None:
        return next(
            filter(None, (self._in(role, area) for area in reversed(ancestors(grid)))), None
        )

    def _in(self, role: UserRole, area: int) -> User | None:
        if not self._known:
            self._known[UserRole.SYSTEM, 0] = None
            for user in self.directory.users.values():
                if user.active and user.role in {UserRole.VERIFIER, UserRole.DISPATCHER}:
                    self._known.setdefault((user.role, user.area), user)
        return self._known.get((role, area))
