"""What people can say with a move: fields with their labels, bounds, units and cures.

A field knows when it is given, what is wrong with what is given, and the JSON value that
goes into the journal. The forms of the pages and the report interface are made from it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from gridmap.cases.texts import LONGEST_LINE, LONGEST_TEXT, text_faults
from gridmap.codes import level_of
from gridmap.errors import Fault, shown
from gridmap.model import Level


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a value is judged by beside itself: the city's time, and which places it has."""

    now: int
    known: Callable[[int], bool] = lambda _code: True


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field by `name`, called `label` on the pages; `rule` is what is told of a value that
    will not do, `cure` what to give instead.

    A field may mean something only where another one is given (`only_with`), or only where
    it is not (`only_without`).
    """

    name: str
    label: str
    rule: str = ""
    cure: str = ""
    only_with: str = ""
    only_without: str = ""

    def given(self, value: Any) -> bool:
        """Whether something is said at all."""
        return value is not None and value != ""

    def keep(self, value: Any) -> Any:
        """The JSON value of what is given, for the journal."""
        return value

    def fits(self, value: Any) -> bool:
        """Whether what is given will do, whatever the circumstances."""
        raise NotImplementedError

    def faults(self, value: Any, circumstances: Circumstances) -> Iterator[Fault]:  # noqa: ARG002
        """Everything wrong with what is given."""
        if not self.fits(value):
            yield self.bad(value)

    def missing(self) -> Fault:
        """What is told when nothing is given where something has to be."""
        return Fault(rule=self.rule, field=self.name, cure=self.cure)

    def bad(self, value: object) -> Fault:
        """What is told of a value that will not do; of several, all are named."""
        if isinstance(value, Mapping):
            value = sum(number for number in value.values() if type(number) is int)
        if isinstance(value, (list, tuple)):
            value = ", ".join(map(str, value))
        return Fault(
            rule=self.rule, field=self.name, value=shown(value, 60), cure=self.cure
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """Words of at most `most` characters, without the blanks around them unless they are
    kept `as_written`; over several lines unless `line`.
    """

    most: int = LONGEST_TEXT
    line: bool = False
    as_written: bool = False

    def given(self, value: Any) -> bool:
        """Blanks alone say nothing."""
        return bool(value.strip()) if isinstance(value, str) else value is not None

    def keep(self, value: Any) -> str:
        """The words."""
        return str(value) if self.as_written else str(value).strip()

    def faults(self, value: Any, circumstances: Circumstances) -> Iterator[Fault]:  # noqa: ARG002
        """What cannot be kept, and what is too long."""
        return text_faults(self.name, value, self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A number from `least` (itself only unless `above`) to `most`, in `unit`."""

    unit: str = ""
    least: float = 0.0
    most: float = math.inf
    above: bool = False
    whole: bool = False

    def given(self, value: Any) -> bool:
        """Any number, 0 as well; a field of whole numbers is empty at 0."""
        return value is not None and not (self.whole and value == 0)

    def keep(self, value: Any) -> float:
        """The number."""
        return int(value) if self.whole else float(value)

    def fits(self, value: Any) -> bool:
        """Whether it is a number within the bounds."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        if not math.isfinite(value) or (self.whole and value != int(value)):
            return False
        enough = value > self.least if self.above else value >= self.least
        return enough and value <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Field):
    """Yes or no, in the words `yes` and `no`; where nothing is said it is no."""

    yes: str
    no: str

    def keep(self, value: Any) -> bool:
        """True or False."""
        return bool(value)

    def fits(self, value: Any) -> bool:
        """Whether it is yes or no."""
        return isinstance(value, bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    """One of `options`, which are called as `words` says."""

    options: type[StrEnum]
    words: Mapping[Any, str] = field(default_factory=dict)

    def keep(self, value: Any) -> str:
        """The option."""
        return str(value)

    def fits(self, value: Any) -> bool:
        """Whether it is one of the options."""
        return isinstance(value, str) and value in set(self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Field):
    """At least `least` of the `options`, each once; they are called as `words` says."""

    options: frozenset[str]
    words: Mapping[Any, str] = field(default_factory=dict)
    least: int = 1

    def given(self, value: Any) -> bool:
        """An empty list says nothing."""
        return bool(value)

    def keep(self, value: Any) -> list[str]:
        """The options, in their order."""
        return [str(option) for option in value]

    def fits(self, value: Any) -> bool:
        """Whether they are options, and enough of them."""
        if not isinstance(value, (list, tuple)):
            return False
        known = all(isinstance(key, str) and key in self.options for key in value)
        return known and len(set(value)) >= self.least


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(Field):
    """How many of each of `options` there are, at least one of one, at most `most` of all."""

    options: tuple[str, ...]
    words: Mapping[Any, str] = field(default_factory=dict)
    most: int

    def given(self, value: Any) -> bool:
        """Nobody at all says nothing."""
        return bool(value)

    def keep(self, value: Any) -> dict[str, int]:
        """Those that there are."""
        return {str(option): int(number) for option, number in value.items() if number > 0}

    def fits(self, value: Any) -> bool:
        """Whether the options are known and the numbers can be."""
        if not isinstance(value, Mapping) or not set(value) <= set(self.options):
            return False
        numbers = list(value.values())
        whole = all(type(number) is int and number >= 0 for number in numbers)
        return whole and 0 < sum(numbers) <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped(Field):
    """Values by name, kept as they were counted; nobody is asked for them in a form."""

    def given(self, value: Any) -> bool:
        """No value at all says nothing."""
        return bool(value)

    def keep(self, value: Any) -> dict[str, Any]:
        """The values."""
        return dict(value)

    def fits(self, value: Any) -> bool:
        """Whether they can be kept as JSON."""
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            return False
        return isinstance(value, Mapping) and all(isinstance(name, str) for name in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Field):
    """At most `most` lines of words; blank ones are left out."""

    most: int
    longest: int = LONGEST_LINE

    def given(self, value: Any) -> bool:
        """Blank lines say nothing."""
        if isinstance(value, (list, tuple)):
            return any(str(line).strip() for line in value)
        return value is not None and value != ""

    def keep(self, value: Any) -> list[str]:
        """The lines."""
        return [line.strip() for line in value if line.strip()]

    def faults(self, value: Any, circumstances: Circumstances) -> Iterator[Fault]:  # noqa: ARG002
        """Too many lines, and what is wrong with one of them."""
        if isinstance(value, str) or not isinstance(value, Sequence):
            yield self.bad(value)
            return
        for line in value:
            yield from text_faults(self.name, line, self.longest)
        said = [line for line in value if str(line).strip()]
        if len(said) > self.most:
            yield self.bad(len(said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Field):
    """An instant in Unix seconds that lies ahead, at most `within_s` from now; people choose
    a day, which stands for `hour` o'clock, and the hour as well where it is `timed`.
    """

    within_s: float = math.inf
    hour: float = 18
    timed: bool = False

    def given(self, value: Any) -> bool:
        """0 is no instant."""
        return bool(value)

    def keep(self, value: Any) -> int:
        """The instant."""
        return int(value)

    def faults(self, value: Any, circumstances: Circumstances) -> Iterator[Fault]:
        """Whether it lies ahead, and not too far."""
        whole = type(value) is int
        if not whole or not 0 < value - circumstances.now <= self.within_s:
            yield self.bad(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Field):
    """A place of the city by its code, of a level from `highest` down to `lowest`."""

    highest: Level = Level.CITY
    lowest: Level = Level.GRID

    def keep(self, value: Any) -> int:
        """The code."""
        return int(value)

    def faults(self, value: Any, circumstances: Circumstances) -> Iterator[Fault]:
        """Whether there is such a place, of such a level."""
        known = type(value) is int and circumstances.known(value)
        if not known or not self.highest <= level_of(value) <= self.lowest:
            yield self.bad(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Field):
    """Another record, or somebody, by a number up to `highest`; whether they may be named
    here is their room's to say.
    """

    highest: int = 2**63 - 1

    def given(self, value: Any) -> bool:
        """0 names nothing."""
        return bool(value)

    def keep(self, value: Any) -> int:
        """The number."""
        return int(value)

    def fits(self, value: Any) -> bool:
        """Whether it can be a number at all."""
        return type(value) is int and 0 < value <= self.highest


@dataclass(frozen=True, slots=True, kw_only=True)
class References(Field):
    """At most `most` other records, by their numbers."""

    most: float = math.inf

    def given(self, value: Any) -> bool:
        """An empty list names nothing."""
        return bool(value)

    def keep(self, value: Any) -> list[int]:
        """The numbers, each once."""
        return list(dict.fromkeys(int(number) for number in value))

    def fits(self, value: Any) -> bool:
        """Whether they can be numbers at all."""
        if not isinstance(value, (list, tuple)):
            return False
        numbers = all(type(number) is int and 0 < number < 2**63 for number in value)
        return numbers and len(value) <= self.most
