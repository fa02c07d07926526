"""`NewContract`: a contract of a village collective as it is listed, and what can be wrong
with figures.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from gridmap.cases.contracts import Kind, Order
from gridmap.city.flow.newmatter import LONGEST_LINE, LONGEST_TEXT, text_faults
from gridmap.codes import level_of
from gridmap.errors import Fault
from gridmap.model import Level
from gridmap.words import mark

LARGEST_AREA, HIGHEST_PRICE, HIGHEST_INCOME = 100_000, 1_000_000, 10**11
FIRST_YEAR = 1990

NO_VILLAGE = mark("Not a village of the city")
GIVE_VILLAGE = mark("Choose a village in the side bar.")
NO_KIND = mark("Not a kind of contract")
GIVE_KIND = mark("Choose one from the list.")
NO_TITLE = mark("No title")
GIVE_TITLE = mark(
    "Give the number or name the village keeps it under; no names of persons."
)
NO_AREA = mark("Not an area in mu")
GIVE_AREA = mark("Give a number above 0, at most 100,000.")
NO_PRICE = mark("Not a price in yuan per mu and year")
GIVE_PRICE = mark("Give a number from 0 to 1,000,000.")
NO_YEAR = mark("Not a year that has begun")
GIVE_YEAR = mark("Give a year from 1990 to this one.")
NO_INCOME = mark("Not an income in yuan")
GIVE_INCOME = mark("Give whole yuan from 0 up.")


@dataclass(frozen=True, slots=True)
class NewContract:
    """A contract as it was written: area in mu, price in yuan per mu and year; `title`
    without names of persons.
    """

    village: int
    kind: str
    title: str
    area_written: float
    price_before: float
    client_id: str = ""


def faults_of(new: NewContract, *, known: bool) -> Iterator[Fault]:
    """Everything wrong with `new`; `known`: there is such a place."""
    yield from village_faults(new.village, known=known)
    if new.kind not in set(Kind):
        yield Fault(rule=NO_KIND, field="kind", value=new.kind, cure=GIVE_KIND)
    if not new.title.strip():
        yield Fault(rule=NO_TITLE, field="title", cure=GIVE_TITLE)
    yield from text_faults("title", new.title, LONGEST_LINE)
    yield from _figure_faults("area_written", new.area_written)
    yield from _figure_faults("price_before", new.price_before)


def order_faults(order: Order) -> Iterator[Fault]:
    """What is wrong with the words and figures of `order`; what is missing is the rules' to say."""
    yield from text_faults("words", order.words, LONGEST_TEXT)
    for name in ("area_measured", "price_after", "area_written", "price_before"):
        value = getattr(order, name)
        if value is not None:
            yield from _figure_faults(name, value)


def income_faults(
    village: int, year: int, yuan: int, words: str, *, known: bool, today: int
) -> Iterator[Fault]:
    """What is wrong with a note of income; `today`: the present year."""
    yield from village_faults(village, known=known)
    if not FIRST_YEAR <= year <= today:
        yield Fault(rule=NO_YEAR, field="year", value=str(year), cure=GIVE_YEAR)
    if not 0 <= yuan <= HIGHEST_INCOME:
        yield Fault(rule=NO_INCOME, field="yuan", value=str(yuan), cure=GIVE_INCOME)
    yield from text_faults("words", words, LONGEST_LINE)


def village_faults(village: int, *, known: bool) -> Iterator[Fault]:
    """A fault where `village` is none."""
    if not known or level_of(village) is not Level.VILLAGE:
        yield Fault(rule=NO_VILLAGE, field="village", value=str(village), cure=GIVE_VILLAGE)


def _figure_faults(name: str, value: float) -> Iterator[Fault]:
    if name.startswith("area"):
        if not (math.isfinite(value) and 0 < value <= LARGEST_AREA):
            yield Fault(rule=NO_AREA, field=name, value=str(value), cure=GIVE_AREA)
    elif not (math.isfinite(value) and 0 <= value <= HIGHEST_PRICE):
        yield Fault(rule=NO_PRICE, field=name, value=str(value), cure=GIVE_PRICE)
