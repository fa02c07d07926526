"""`windows`: the one-stop centres' platforms and units, who is on duty, and windows without
their unit.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from gridmap.calendar import with_overrides
from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.seen import check_seen
from gridmap.city.people.people import People
from gridmap.city.town import rota
from gridmap.codes import ancestors, level_of
from gridmap.errors import Fault, ForbiddenError, InputError, NotFoundError
from gridmap.model import Level, UserRole
from gridmap.store.flow import limits as store_limits
from gridmap.store.town import windows as rows
from gridmap.words import mark

NOT_HERE = mark("Presence is noted by the clerks of the centre, or by who leads its area.")
NOT_PLAN = mark(
    "The plan of windows is changed by who leads the area of the centre, or by an administrator."
)
NO_WINDOW = mark("There is no such window.")
NAME = mark("Give the name of who is at the window, at most 40 characters.")
NO_DUTY = mark("No presence was noted at this window today.")
_LEADS = frozenset(
    {UserRole.DISPATCHER, UserRole.CHIEF, UserRole.COMMANDER, UserRole.ADMIN}
)
_ROTA = ["window", "platform", "unit", "kind", "on_duty", "person", "present_at", "missing"]


class Windows:
    """The rota of the centres.

    When a unit is on duty stands in `rota.on_duty`. A window is missing its unit when the
    unit is on duty, nobody has been noted, and opening time is a quarter of an hour past
    (`rota.expected_at`).
    """

    def __init__(self, desk: Desk, people: People) -> None:
        self._desk = desk
        self._people = people

    def rota(self, office: int, day: date, lang: Lang = "zh") -> pd.DataFrame:
        """The windows of a centre on `day`, in their order.

        Columns: window, platform, unit, kind (resident, rotating), on_duty, person ("" when
        nobody is noted), present_at (Unix seconds, 0), missing.
        """
        found = self._days(day, day, office=office, lang=lang)
        shown = found[
            found["on_duty"] | (found["person"] != "") | (found["weekdays"].map(len) > 0)
        ]
        return shown[_ROTA].reset_index(drop=True)

    def week(self, office: int, day: date, lang: Lang = "zh") -> pd.DataFrame:
        """The week of `day`, Monday to Sunday, a row a window and day: the columns of
        `rota` and day (date).
        """
        first = day - timedelta(days=day.weekday())
        found = self._days(first, first + timedelta(days=6), office=office, lang=lang)
        kept = found.groupby("window")["on_duty"].transform("any") | (found["person"] != "")
        return found.loc[kept, [*_ROTA, "day"]].reset_index(drop=True)

    def missing(self, area: int, day: date, lang: Lang = "zh") -> pd.DataFrame:
        """Windows of all centres in `area` that lack their unit on `day`.

        Columns: office, office_area (code), window, platform, unit, kind.
        """
        found = self._days(day, day, area=area, lang=lang)
        lacking = found[found["missing"]].rename(columns={"area": "office_area"})
        lacking = lacking.sort_values(
            "office_area", key=lambda codes: codes.astype(str), kind="stable"
        )
        return lacking[
            ["office", "office_area", "window", "platform", "unit", "kind"]
        ].reset_index(drop=True)

    def counts(self, area: int, day: date, *, level: Level = Level.COUNTY) -> pd.DataFrame:
        """How the centres of `area` are manned on `day`, a row a place of `level`.

        Columns: area (code), centres, windows, on_duty, present (of those on duty),
        missing. Centres of a larger place than `level` count under their own code.
        """
        found = self._days(day, day, area=area)
        found["place"] = [
            ancestors(int(code))[min(level, level_of(int(code)))] for code in found["area"]
        ]
        found["present"] = found["on_duty"] & (found["person"] != "")
        table = found.groupby("place", sort=True).agg(
            centres=("office", "nunique"),
            windows=("window", "size"),
            on_duty=("on_duty", "sum"),
            present=("present", "sum"),
            missing=("missing", "sum"),
        )
        return table.astype("int64").rename_axis("area").reset_index()

    def usual(self, office: int) -> dict[int, str]:
        """For each window of a centre who sat there last: the name a click notes."""
        with self._desk.store.read() as connection:
            return rows.last_persons(connection, office)

    def plan(self, office: int) -> pd.DataFrame:
        """The windows of a centre as planned.

        Columns: window, platform, unit, platform_en, unit_en ("": the same), kind, weekdays
        (list of 1 to 7).
        """
        with self._desk.store.read() as connection:
            table = rows.read_windows(connection, office=office)
        planned = table[table["weekdays"].map(len) > 0]
        columns = [
            "window",
            "platform",
            "unit",
            "platform_en",
            "unit_en",
            "kind",
            "weekdays",
        ]
        lists = pd.Series(
            [list(days) for days in planned["weekdays"]], index=planned.index, dtype=object
        )
        return planned[columns].assign(weekdays=lists)

    def may_note(self, actor: Actor, office: int) -> bool:
        """Whether `actor` may note presence in a centre."""
        return self._may_note(actor, office, self._people.office(office).area)

    def may_plan(self, actor: Actor, office: int) -> bool:
        """Whether `actor` may change the plan of a centre's windows."""
        return self._leads(actor, self._people.office(office).area)

    def note_presence(self, actor: Actor, window: int, person: str) -> None:
        """Note that `person` of the unit sits at `window` now; noted again, the name is put right.

        Raises NotFoundError, ForbiddenError, InputError (name empty, too long or unreadable).
        """
        self._check(actor, window)
        name = rota.name_of(person)
        if not name:
            raise InputError(
                Fault(
                    rule=rota.NO_NAME,
                    field="person",
                    value=person[: rota.LONGEST],
                    cure=NAME,
                )
            )
        with self._desk.store.write() as connection:
            rows.note_duty(
                connection,
                window,
                self._desk.today,
                person=name,
                at=self._desk.now_s,
                by=actor.user,
            )

    def withdraw_presence(self, actor: Actor, window: int) -> None:
        """Take back today's presence at `window`. Raises NotFoundError, ForbiddenError."""
        self._check(actor, window)
        with self._desk.store.write() as connection:
            if not rows.drop_duty(connection, window, self._desk.today):
                raise NotFoundError(NO_DUTY)

    def save_plan(
        self,
        actor: Actor,
        office: int,
        frame: pd.DataFrame,
        *,
        seen: pd.DataFrame | None = None,
    ) -> None:
        """Make `frame` the windows of a centre: columns as `plan`; window empty or 0: a new one.

        `seen`: the plan as it stood when the change was begun.

        Raises ForbiddenError, NotFoundError, InputError with every fault (rows counted from
        1), StaleError when it is another now.
        """
        if not self.may_plan(actor, office):
            raise ForbiddenError(NOT_PLAN)
        given = rota.tidy(frame)
        faults = rota.faults_of(given, known=set(self.plan(office)["window"].tolist()))
        if faults:
            raise InputError(faults)
        with self._desk.store.write() as connection:
            check_seen(connection, f"windows.{office}", seen, lambda: self.plan(office))
            rows.replace_windows(connection, office, given)

    def _check(self, actor: Actor, window: int) -> None:
        with self._desk.store.read() as connection:
            found = rows.office_of(connection, window)
        if found is None:
            raise NotFoundError(NO_WINDOW)
        if not self._may_note(actor, *found):
            raise ForbiddenError(NOT_HERE)

    @classmethod
    def _may_note(cls, actor: Actor, office: int, area: int) -> bool:
        return (actor.role is UserRole.CLERK and actor.office == office) or cls._leads(
            actor, area
        )

    @staticmethod
    def _leads(actor: Actor, area: int) -> bool:
        return actor.role in _LEADS and actor.covers(area)

    def _days(
        self, first: date, last: date, *, office: int = 0, area: int = 0, lang: Lang = "zh"
    ) -> pd.DataFrame:
        """Every window of `office` or `area` on every day, named in `lang`."""
        with self._desk.store.read() as connection:
            table = rows.read_windows(connection, office=office, area=area)
            noted = rows.read_duties(connection, first, last, office=office, area=area)
            own = [
                (row["day"], bool(row["working"]))
                for row in store_limits.read_holidays(connection)
            ]
        if lang == "en":
            for name in ("platform", "unit"):
                table[name] = table[f"{name}_en"].where(
                    table[f"{name}_en"] != "", table[name]
                )
        days = pd.DataFrame(
            {"day": [first + timedelta(days=n) for n in range((last - first).days + 1)]}
        )
        found = table.merge(days, how="cross").merge(
            noted, how="left", on=["window", "day"]
        )
        found["person"] = found["person"].fillna("").astype(object)
        found["present_at"] = found["at"].fillna(0).astype("int64")
        calendar = with_overrides(own)
        open_days = {day: calendar.is_working_day(day) for day in days["day"]}
        pairs = zip(found["day"], found["kind"], found["weekdays"], strict=True)
        found["on_duty"] = [
            rota.on_duty(day, kind, on, working=open_days[day]) for day, kind, on in pairs
        ]
        due = {day: self._desk.now_s >= rota.expected_at(day) for day in days["day"]}
        found["missing"] = (
            found["on_duty"] & (found["person"] == "") & found["day"].map(due).astype(bool)
        )
        return found
