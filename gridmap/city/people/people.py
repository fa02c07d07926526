"""`People`: users and offices found by number, by place, by what a matter needs."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.watched import Watched
from gridmap.city.look.places import Places
from gridmap.city.people import directory as directories
from gridmap.city.people.directory import Directory, taken
from gridmap.codes import ancestors, level_of
from gridmap.errors import ForbiddenError, NotFoundError
from gridmap.model import Level, OfficeKind, UserRole
from gridmap.store.people import people as store_people
from gridmap.store.people.people import Office, User
from gridmap.words import Words, mark

QUEUE = mark("Dispatcher's queue")
OFFICE_COLUMNS = ["id", "kind", "name", "name_en", "area", "department", "phone"]
DEMO_COLUMNS = ["id", "name", "role", "office", "office_name", "area", "area_name"]
USER_COLUMNS = [
    "id",
    "login",
    "name",
    "role",
    "office",
    "office_name",
    "area",
    "area_name",
    "phone",
    "active",
]
_RANK = {role: rank for rank, role in enumerate(UserRole)}


class People:
    """Questions about users and offices, answered from memory."""

    def __init__(self, desk: Desk, places: Places) -> None:
        self._desk = desk
        self._places = places
        self._watched = Watched(desk.store, store_people.PART, directories.read)
        self._listed: tuple[Directory, tuple[int, str, str], pd.DataFrame] | None = None

    @property
    def directory(self) -> Directory:
        """Everybody at this moment; take it once per question."""
        return self._watched.get()

    def changed(self) -> None:
        """Tell that this process has just changed people, so that the next question sees it."""
        self._watched.forget()

    # who

    def user(self, number: int) -> User:
        """A user. Raises NotFoundError."""
        found = self.directory.users.get(int(number))
        if found is None:
            raise NotFoundError(f"There is no user {number}.")
        return found

    def find_user(self, who: str) -> User:
        """The user of a login, or else of a number. Raises NotFoundError."""
        people = self.directory.users
        named = next((user for user in people.values() if user.login == who), None)
        found = named or (people.get(int(who)) if who.isascii() and who.isdigit() else None)
        if found is None:
            raise NotFoundError(f"There is no user {who}.")
        return found

    def name(self, number: int) -> str:
        """A user's name; "" for 0 and for numbers nobody has."""
        found = self.directory.users.get(int(number))
        return found.name if found else ""

    def names(self, numbers: Iterable[int]) -> dict[int, str]:
        """Names by number, each asked for once; "" for 0 and for numbers nobody has."""
        people = self.directory.users
        return {
            number: people[number].name if number in people else ""
            for number in {int(one) for one in numbers}
        }

    def actor(self, user: int, *, instead_of: int = 0) -> Actor:
        """The actor a signed-in user is, for themselves or for somebody they stand in for.

        Raises NotFoundError, and ForbiddenError when the user is not active or is not the
        stand-in just now.
        """
        state = self.directory
        own = self._active(state, user)
        if not instead_of:
            areas, gone = (
                state.areas(own, self._desk.today),
                taken(state.offices, own.office),
            )
            return Actor(own.id, own.role, own.name, own.office, areas, taken=gone)
        absent = self._active(state, instead_of)
        now = self._desk.now_s
        if not any(
            one.user == absent.id and one.stand_in == own.id and one.holds(now)
            for one in state.absences
        ):
            raise ForbiddenError(mark("You do not stand in for this person at this time."))
        areas, gone = (
            state.areas(absent, self._desk.today),
            taken(state.offices, absent.office),
        )
        return Actor(
            own.id,
            absent.role,
            own.name,
            absent.office,
            areas,
            instead_of=absent.id,
            taken=gone,
        )

    @staticmethod
    def _active(state: Directory, number: int) -> User:
        found = state.users.get(int(number))
        if found is None:
            raise NotFoundError(f"There is no user {number}.")
        if not found.active:
            raise ForbiddenError(mark("This user is no longer active."))
        return found

    def demo_users(self, lang: Lang = "zh") -> pd.DataFrame:
        """Who the demonstration's sign-in offers, in order of role.

        id, name, role (UserRole value), office (0: none), office_name, area, area_name.
        """
        users = [
            user for user in self.directory.users.values() if user.demo and user.active
        ]
        users.sort(key=lambda user: (_RANK[user.role], user.id))
        names = self._places.names([user.area for user in users], lang)
        rows = [
            (
                user.id,
                user.name,
                user.role.value,
                user.office,
                self.office_name(user.office, lang) if user.office else "",
                user.area,
                name,
            )
            for user, name in zip(users, names, strict=True)
        ]
        return pd.DataFrame(rows, columns=DEMO_COLUMNS)

    def users(self, area: int, lang: Lang = "zh") -> pd.DataFrame:
        """The users who answer for a place or one inside it, larger places first, then by
        role and number.

        id, login, name, role (UserRole value), office (0: none), office_name, area,
        area_name, phone, active.
        """
        state = self.directory
        key = (area, lang, self._desk.data.version)
        # A page asks for the same list several times a run, and it may be tens of thousands
        # of rows long.
        listed = self._listed
        if listed is None or listed[0] is not state or listed[1] != key:
            listed = self._listed = (state, key, self._users(state, area, lang))
        return listed[2].copy(deep=False)

    def _users(self, state: Directory, area: int, lang: Lang) -> pd.DataFrame:
        beginning = str(area)  # of the code of every place inside
        found = [
            user for user in state.users.values() if str(user.area).startswith(beginning)
        ]
        found.sort(
            key=lambda user: (len(str(user.area)), user.area, _RANK[user.role], user.id)
        )
        names = self._places.names([user.area for user in found], lang)
        rows = [
            (
                user.id,
                user.login,
                user.name,
                user.role.value,
                user.office,
                self.office_name(user.office, lang) if user.office else "",
                user.area,
                name,
                user.phone,
                user.active,
            )
            for user, name in zip(found, names, strict=True)
        ]
        return pd.DataFrame(rows, columns=USER_COLUMNS)

    def members(self, office: int) -> pd.DataFrame:
        """The active users of an office: id, name, role; empty for the dispatcher's queue."""
        rows = [
            (user.id, user.name, user.role.value)
            for user in self.directory.members.get(int(office), ())
        ]
        return pd.DataFrame(rows, columns=["id", "name", "role"])

    def may_hold(self, user: User, case: Case) -> bool:
        """Whether a matter may be given to `user`: to the office it is with, or the grid
        worker of its place.

        From the dispatcher's queue, to anybody active who answers for the place.
        """
        if not user.active or user.role is UserRole.PUBLIC:
            return False
        covers = not set(self.directory.areas(user, self._desk.today)).isdisjoint(
            ancestors(case.grid)
        )
        if user.role is UserRole.GRID_WORKER or not case.office:
            return covers
        return user.office == case.office

    def responsible(self, grid: int, lang: Lang = "zh") -> pd.DataFrame:
        """The named chiefs of a grid, from the city down to the grid itself.

        level (int), area, area_name, user, name, phone; a county, township, village or grid
        without a chief has a row with user 0 and an empty name, so that the gap is seen.
        """
        chiefs = self.directory.chiefs
        rows: list[tuple[int, int, int, str, str]] = []
        for area in ancestors(int(grid)):
            found = chiefs.get(area, ())
            level = int(level_of(area))
            rows += [(level, area, user.id, user.name, user.phone) for user in found]
            if not found and level != Level.CITY:
                rows.append((level, area, 0, "", ""))
        table = pd.DataFrame(rows, columns=["level", "area", "user", "name", "phone"])
        table.insert(2, "area_name", self._places.names(table["area"], lang))
        return table

    # offices

    def office(self, number: int) -> Office:
        """An office. Raises NotFoundError; the dispatcher's queue (0) is none."""
        found = self.directory.offices.get(int(number))
        if found is None:
            raise NotFoundError(f"There is no office {number}.")
        return found

    def office_name(self, number: int, lang: Lang = "zh") -> str:
        """The name of an office; 0 is the dispatcher's queue, "" for numbers no office has."""
        if not number:
            return Words(lang)(QUEUE)
        found = self.directory.offices.get(int(number))
        return "" if found is None else found.name if lang == "zh" else found.name_en

    def offices(
        self,
        *,
        area: int | None = None,
        kind: OfficeKind | None = None,
        department: str = "",
    ) -> pd.DataFrame:
        """The offices of a place and all in it, of a kind, of a department's name; all
        without any of these.

        Those that became part of another are left out.

        id, kind, name, name_en, area, department ("" for desks), phone; by number.
        """
        rows = [
            (
                one.id,
                one.kind.value,
                one.name,
                one.name_en,
                one.area,
                one.department,
                one.phone,
            )
            for one in self.directory.offices.values()
            if not one.merged_into
            and (area is None or area in ancestors(one.area))
            and (kind is None or one.kind is kind)
            and (not department or one.department == department)
        ]
        return pd.DataFrame(rows, columns=OFFICE_COLUMNS)

    def desk_of(self, code: int, kind: OfficeKind) -> int:
        """The one-stop desk of a level for a place inside it (a code of any level); 0: none."""
        return self.directory.desk(int(code), kind)

    def department_of(self, code: int, department: str) -> int:
        """The department of this name for a place: the county's, else the city's, else 0."""
        return self.directory.department(int(code), department)

    def above(self, office: int) -> int:
        """The desk one level up: a department's is its own county's; 0 above the city."""
        return self.directory.above(self.office(office)) if office else 0

    def targets(self, case: Case, move: str) -> pd.DataFrame:
        """The offices a matter may be dispatched, transferred or whistled to: id, name,
        name_en, kind.

        Dispatch and transfer: every desk over its grid, lowest first, then the departments
        of its county and city. Whistle: the desk one level above its office (above the
        village's from the dispatcher's queue), then the departments. Never the office it is
        with; no other move has targets.
        """
        state = self.directory
        found: list[Office] = []
        if move in {Act.DISPATCH, Act.TRANSFER}:
            found = state.around(case.grid)
        elif move == Act.WHISTLE:
            own = state.offices.get(case.office)
            higher = (
                state.above(own) if own else state.desk_from(case.grid, OfficeKind.TOWNSHIP)
            )
            departments = [
                one for one in state.around(case.grid) if one.kind is OfficeKind.DEPARTMENT
            ]
            found = [*([state.offices[higher]] if higher else []), *departments]
        rows = [
            (one.id, one.name, one.name_en, one.kind.value)
            for one in found
            if one.id != case.office
        ]
        return pd.DataFrame(rows, columns=["id", "name", "name_en", "kind"])
