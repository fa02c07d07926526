"""`Selection`: what is looked at: a period, a place, categories and states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from gridmap.calendar import day_number
from gridmap.codes import level_of
from gridmap.errors import Fault, InputError
from gridmap.model import Level, Status

CITY = 4107
STATUS_NAMES = tuple(status.name.lower() for status in Status)


@dataclass(frozen=True, slots=True)
class Selection:
    """Reports made from `start` to `end`, both included, in `area`, of some categories and states.

    `area` is a code of any level. `categories` are category codes of any depth, each with
    everything below it, and `statuses` names of states ("closed"); empty means all. Equal
    selections hash alike, so that a selection can be a cache key. Raises InputError with
    everything that is wrong.
    """

    start: date
    end: date
    area: int = CITY
    categories: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check all fields at once; put the tuples in order."""
        object.__setattr__(self, "categories", tuple(sorted(set(self.categories))))
        object.__setattr__(self, "statuses", tuple(sorted(set(self.statuses))))
        faults = list(self._faults())
        if faults:
            raise InputError(faults)

    def _faults(self) -> Iterator[Fault]:
        if self.end < self.start:
            yield Fault(
                rule="the period ends before it starts",
                field="end",
                value=self.end.isoformat(),
                cure=f"Give a day on or after {self.start.isoformat()}.",
            )
        for name in self.statuses:
            if name not in STATUS_NAMES:
                yield Fault(
                    rule="not a state of a matter",
                    field="statuses",
                    value=name,
                    cure=f"Use {', '.join(STATUS_NAMES)}.",
                )
        try:
            level_of(self.area)
        except InputError as error:
            yield from error.faults

    @property
    def days(self) -> int:
        """Length of the period in days."""
        return (self.end - self.start).days + 1

    @property
    def first_day(self) -> int:
        """Day number of `start`."""
        return day_number(self.start)

    @property
    def last_day(self) -> int:
        """Day number of `end`."""
        return day_number(self.end)

    @property
    def level(self) -> Level:
        """Level of `area`."""
        return level_of(self.area)

    @property
    def children_level(self) -> Level:
        """The level one looks at inside `area`; a grid is its own."""
        return self.level.below

    def within(self, area: int) -> Selection:
        """The same question about another place."""
        return replace(self, area=area)

    def between(self, start: date, end: date) -> Selection:
        """The same question about another period."""
        return replace(self, start=start, end=end)

    def previous(self) -> Selection:
        """The period of the same length that ends the day before this one starts."""
        return self.between(
            self.start - timedelta(days=self.days), self.start - timedelta(days=1)
        )

    def last_year(self) -> Selection:
        """The same days of the year before; 29 February becomes 28 February."""
        return self.between(_year_before(self.start), _year_before(self.end))

    def any_status(self) -> Selection:
        """The same question about matters in every state: a rate of closing filtered by
        "closed" says nothing.
        """
        return replace(self, statuses=())


def _year_before(day: date) -> date:
    last = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if last else day.day)
