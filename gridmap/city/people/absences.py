"""`Absences`: who is away, from when to when, and who acts for them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gridmap.calendar import from_epoch
from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.base.rights import check_manages
from gridmap.city.people.people import People
from gridmap.codes import ancestors
from gridmap.errors import Fault, InputError, NotFoundError, shown
from gridmap.model import UserRole
from gridmap.store.people import absences as store_absences
from gridmap.store.people.absences import Absence
from gridmap.store.people.people import User
from gridmap.store.people.peoplecheck import CORRECT, odd_words
from gridmap.words import mark

COLUMNS = [
    "id",
    "user",
    "name",
    "role",
    "office",
    "stand_in",
    "stand_in_name",
    "starts",
    "ends",
    "reason",
]
MOST_REASON = 500
AWAY = mark("is away then already")
ANOTHER_TIME = mark("End the other absence first, or choose another time.")
ENDS_EARLY = mark("ends too early")
END_LATER = mark("Let it end after it starts, and after now.")
SOMEBODY_ELSE = mark("Choose somebody else.")


class Absences:
    """Absence and standing in; the stand-in acts with the absent user's role, office and places."""

    def __init__(self, desk: Desk, people: People) -> None:
        self._desk = desk
        self._people = people

    def add(
        self,
        actor: Actor,
        user: int,
        *,
        starts: int,
        ends: int = 0,
        stand_in: int = 0,
        reason: str,
    ) -> int:
        """Note that `user` is away from `starts` to `ends` (Unix seconds; 0: until further
        notice); its number.

        `stand_in` (0: nobody) has the same role or works in the same office, and is not
        away in that time. Raises ForbiddenError, NotFoundError, InputError with all that is
        wrong.
        """
        absent = self._people.user(user)
        check_manages(actor, absent)
        other = self._people.user(stand_in) if stand_in else None
        planned = Absence(
            0, absent.id, stand_in, int(starts), int(ends), reason.strip(), actor.user
        )
        with self._desk.store.write() as connection:
            known = store_absences.hold(connection)
            faults = [*_period_faults(planned, self._desk.now_s), *_clashes(planned, known)]
            if other is not None:
                faults += _stand_in_faults(planned, absent, other, known)
            if faults:
                raise InputError(faults)
            number = store_absences.add_absence(connection, planned)
        self._people.changed()
        return number

    def end(self, actor: Actor, absence: int) -> None:
        """Let an absence end now; one that has not begun never begins. Raises
        ForbiddenError, NotFoundError.
        """
        found = next(
            (one for one in self._people.directory.absences if one.id == absence), None
        )
        if found is None:
            raise NotFoundError(f"There is no absence {absence}, or it is over.")
        check_manages(actor, self._people.user(found.user), oneself=True)
        with self._desk.store.write() as connection:
            store_absences.end_absence(
                connection, absence, max(self._desk.now_s, found.starts)
            )
        self._people.changed()

    def listed(self, area: int) -> pd.DataFrame:
        """Present and coming absences of the users of a place and all in it, by their start.

        id, user, name, role, office, stand_in (0: nobody), stand_in_name, starts, ends (0:
        until further notice), reason.
        """
        state, now = self._people.directory, self._desk.now_s
        rows = []
        for one in state.absences:
            user = state.users[one.user]
            if area in ancestors(user.area) and not _over(one, now):
                about = (one.id, user.id, user.name, user.role.value, user.office)
                rows.append(
                    (
                        *about,
                        one.stand_in,
                        self._people.name(one.stand_in),
                        one.starts,
                        one.ends,
                        one.reason,
                    )
                )
        return pd.DataFrame(rows, columns=COLUMNS)

    def standing_in_for(self, user: int) -> pd.DataFrame:
        """Whom `user` stands in for just now: id, name, role, until (Unix seconds, 0: until
        further notice).
        """
        state, now = self._people.directory, self._desk.now_s
        rows = [
            (absent.id, absent.name, absent.role.value, one.ends)
            for one in state.absences
            if one.stand_in == int(user)
            and one.holds(now)
            and (absent := state.users[one.user]).active
        ]
        return pd.DataFrame(rows, columns=["id", "name", "role", "until"])


def _clashes(planned: Absence, known: Sequence[Absence]) -> list[Fault]:
    return [
        Fault(
            rule=AWAY,
            field="starts",
            value=f"{from_epoch(one.starts):%Y-%m-%d %H:%M}",
            cure=ANOTHER_TIME,
        )
        for one in known
        if one.user == planned.user and _meet(one, planned)
    ]


def _stand_in_faults(
    planned: Absence, absent: User, other: User, known: Sequence[Absence]
) -> list[Fault]:
    rules = []
    if other.id == absent.id:
        rules.append(mark("nobody stands in for themselves"))
    if not other.active:
        rules.append(mark("the stand-in is no longer active"))
    if other.role is UserRole.PUBLIC or (
        other.role is not absent.role and other.office != (absent.office or -1)
    ):
        rules.append(mark("the stand-in has neither the same role nor the same office"))
    if any(one.user == other.id and _meet(one, planned) for one in known):
        rules.append(mark("the stand-in is away then"))
    return [
        Fault(rule=rule, field="stand_in", value=other.name, cure=SOMEBODY_ELSE)
        for rule in rules
    ]


def _period_faults(planned: Absence, now: int) -> list[Fault]:
    faults = []
    if planned.ends and planned.ends <= max(planned.starts, now):
        shown = f"{from_epoch(planned.ends):%Y-%m-%d %H:%M}"
        faults.append(Fault(rule=ENDS_EARLY, field="ends", value=shown, cure=END_LATER))
    if planned.starts <= 0:
        faults.append(
            Fault(rule=mark("it is missing"), field="starts", cure=mark("Fill it in."))
        )
    return faults + reason_faults(planned.reason)


def reason_faults(reason: str) -> list[Fault]:
    """What is wrong with a reason that has to be given."""
    if not reason.strip():
        return [Fault(rule=mark("has no reason"), field="reason", cure=mark("Say why."))]
    odd = odd_words(reason, most=MOST_REASON)
    return (
        [Fault(rule=odd, field="reason", value=shown(reason, 40), cure=CORRECT)]
        if odd
        else []
    )


def _over(one: Absence, now: int) -> bool:
    return bool(one.ends) and (one.ends <= now or one.ends <= one.starts)


def _meet(one: Absence, other: Absence) -> bool:
    """Whether they share a moment; one that was ended before it began has none."""
    if one.ends == one.starts:
        return False
    return (not one.ends or other.starts < one.ends) and (
        not other.ends or one.starts < other.ends
    )
