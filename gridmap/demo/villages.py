"""The demonstration's contract clean-up: Huojia's, finished and paid, and the first
villages of the other counties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import DAY_S, TIME_ZONE, from_epoch, to_epoch
from gridmap.cases.actors import Actor
from gridmap.cases.contracts import CONTRACT, Act, Asset, Contract, State
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry, Order
from gridmap.demo.phrases import CONTRACTS
from gridmap.demo.shares import apportion
from gridmap.model import UserRole
from gridmap.store import Store
from gridmap.store.town.contracts import CONTRACTS as RECORDS
from gridmap.store.town.contracts import add_incomes

Ints = npt.NDArray[np.int64]

HUOJIA, CLEARED, GAIN = 410724, 1_523, 14_620_000
"""The county whose clean-up is finished, its contracts cleared, and what they bring more,
yuan a year.
"""
KANGBEI, KANGBEI_INCOMES, KANGBEI_CONTRACTS = 410724106203, (400_000, 1_200_000), 46
KEPT, LEFT = 412, (State.RELAPSED, State.REVIEWED, State.RELAPSED, State.PUBLISHED)
"""Beside those cleared: contracts kept, and what has become of the rest."""
BEGUN = datetime(2022, 2, 14, 9, tzinfo=TIME_ZONE)
YEARS = (2021, 2023)
"""Before the clean-up of Huojia, and after it."""
PILOTS = 3
"""Villages of each other county that have begun."""
_PILOT = (
    State.LISTED,
    State.PUBLISHED,
    State.REVIEWED,
    State.REVIEWED,
    State.KEPT,
    State.CLEARED,
    State.CLEARED,
    State.RELAPSED,
)
_LET = {
    Asset.FARMLAND: ("机动地承包合同", 0.52),
    Asset.ORCHARD: ("果园承包合同", 0.12),
    Asset.POND: ("坑塘承包合同", 0.12),
    Asset.FOREST: ("林地承包合同", 0.08),
    Asset.BUILDING: ("集体房屋租赁合同", 0.08),
    Asset.SITE: ("集体场地租赁合同", 0.08),
}
_COMMUNITY = "社区|居委|居民|生活区"


@dataclass(frozen=True)
class VillageOfficers:
    """Who acts: clerks by village, chiefs by township (user numbers)."""

    clerks: Mapping[int, int]
    chiefs: Mapping[int, int]

    @classmethod
    def of(cls, users: pd.DataFrame) -> VillageOfficers:
        """From the users of the demonstration."""
        first = {}
        for role in (UserRole.CLERK, UserRole.CHIEF):
            of_role = users[users["role"] == role.value].drop_duplicates("area")
            first[role] = dict(
                zip(of_role["area"].tolist(), of_role["id"].tolist(), strict=True)
            )
        return cls(first[UserRole.CLERK], first[UserRole.CHIEF])


def furnish(
    store: Store,
    villages: pd.DataFrame,
    users: pd.DataFrame,
    *,
    home: int,
    now: int,
    rng: np.random.Generator,
) -> None:
    """Store contracts and incomes of `villages` (code, name), `home` (a village) being one
    of those that have begun.
    """
    records, incomes = contracts(
        villages, VillageOfficers.of(users), home=home, now=now, rng=rng
    )
    with store.write() as connection:
        RECORDS.create_many(connection, records)
        add_incomes(connection, incomes)


def contracts(
    villages: pd.DataFrame,
    people: VillageOfficers,
    *,
    home: int,
    now: int,
    rng: np.random.Generator,
) -> tuple[list[list[Entry]], list[dict[str, Any]]]:
    """Records of contracts, and rows of income."""
    codes = villages.loc[~villages["name"].str.contains(_COMMUNITY), "code"].to_numpy(
        np.int64
    )
    huojia = np.sort(codes[codes // 10**6 == HUOJIA])
    records: list[list[Entry]] = []
    incomes: list[dict[str, Any]] = []
    if len(huojia):
        finished = list(_finished(huojia, people, rng))
        records += [entries for entries, _ in finished]
        incomes += _incomes(huojia, finished, people, rng)
    for village in _pilots(np.sort(codes[codes // 10**6 != HUOJIA]), home):
        records += [
            _Record(village, people, rng).lead(state, _lately(now, rng), 20)
            for state in _PILOT
        ]
        yuan = int(rng.integers(6, 40)) * 10_000
        incomes.append(_income(village, YEARS[1], yuan, now - 100 * DAY_S, people))
    return records, incomes


def _pilots(codes: Ints, home: int) -> list[int]:
    """The village the demo sign-in is at home in, and the first of each county."""
    counties = pd.Series(codes).groupby(codes // 10**6).head(PILOTS).tolist()
    return list(dict.fromkeys([home, *counties]))


def _finished(
    codes: Ints, people: VillageOfficers, rng: np.random.Generator
) -> Iterator[tuple[list[Entry], int]]:
    """Every contract of Huojia with what it brings more."""
    others = codes[codes != KANGBEI]
    at_kangbei = KANGBEI_CONTRACTS if len(others) < len(codes) else 0
    rise = KANGBEI_INCOMES[1] - KANGBEI_INCOMES[0] if at_kangbei else 0
    elsewhere = CLEARED - at_kangbei
    number = apportion(rng.gamma(3, size=len(others)), elsewhere, least=1)
    village = [*np.repeat(others, number).tolist(), *[KANGBEI] * at_kangbei]
    gain = apportion(rng.gamma(2, size=elsewhere), GAIN - rise, least=300).tolist()
    if at_kangbei:
        gain += apportion(rng.gamma(4, size=at_kangbei), rise, least=2_000).tolist()
    for code, more in zip(village, gain, strict=True):
        record = _Record(code, people, rng, gain=more)
        yield record.lead(State.CLEARED, _in_campaign(rng), 80), more
    for turn, code in enumerate(rng.choice(codes, size=KEPT + 9 * len(LEFT)).tolist()):
        state = State.KEPT if turn < KEPT else LEFT[turn % len(LEFT)]
        yield _Record(code, people, rng).lead(state, _in_campaign(rng), 80), 0


def _in_campaign(rng: np.random.Generator) -> int:
    return _in_hours(to_epoch(BEGUN) + int(rng.integers(0, 40 * 24)) * 3600)


def _in_hours(at: int) -> int:
    """On the day of `at`, in office hours."""
    return to_epoch(from_epoch(at).replace(hour=9 + at // 60 % 8))


def _lately(now: int, rng: np.random.Generator) -> int:
    return _in_hours(now - int(rng.integers(70 * 24, 90 * 24)) * 3600)


def _incomes(
    codes: Ints,
    finished: list[tuple[list[Entry], int]],
    people: VillageOfficers,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    """Income of Huojia's villages before, and after with what their contracts bring more."""
    more = dict.fromkeys(codes.tolist(), 0)
    for entries, gain in finished:
        more[int(entries[0].data["village"])] += gain
    before = {code: int(rng.integers(4, 45)) * 10_000 for code in codes.tolist()}
    before[KANGBEI] = KANGBEI_INCOMES[0]
    at = to_epoch(BEGUN)
    return [
        _income(code, year, yuan, at + after, people)
        for code in codes.tolist()
        for year, yuan, after in (
            (YEARS[0], before[code], 0),
            (YEARS[1], before[code] + more[code], 700 * DAY_S),
        )
    ]


def _income(
    village: int, year: int, yuan: int, at: int, people: VillageOfficers
) -> dict[str, Any]:
    by = people.clerks.get(village, 0)
    return {
        "village": village,
        "year": year,
        "yuan": yuan,
        "at": at,
        "by": by,
        "words": "村集体年度收支决算",
    }


class _Record:
    """A contract as it is led from step to step, every entry through the rules."""

    def __init__(
        self,
        village: int,
        people: VillageOfficers,
        rng: np.random.Generator,
        *,
        gain: int = 0,
    ) -> None:
        self.rng, self.gain = rng, gain or int(rng.integers(500, 9_000))
        self.clerk = Actor(people.clerks.get(village, 0), UserRole.CLERK, areas=(village,))
        self.chief = Actor(
            people.chiefs.get(village // 1000, -1), UserRole.CHIEF, areas=(village // 1000,)
        )
        self.village = village

    def lead(self, to: State, begun: int, days: int) -> list[Entry]:
        """The record of a contract listed at `begun` that stands at `to`; a review takes up
        to `days`.
        """
        rng = self.rng
        kinds = list(_LET)
        kind = kinds[int(rng.choice(len(kinds), p=[odds for _, odds in _LET.values()]))]
        # What brings much is large: a price stays one that is paid.
        least = min(self.gain / 900, 60.0)
        written = round(max(float(rng.gamma(2.2, 9.0)) % 60 + 2, least), 1)
        listed = {
            "village": self.village,
            "kind": str(kind),
            "title": f"{_LET[kind][0]} {int(rng.integers(1, 400)):03d} 号",
            "area_written": written,
            "price_before": float(rng.integers(4, 36) * 10),
        }
        first = engine.begin(CONTRACT, self.clerk, Order(Act.LIST, **listed), now=begun)
        self.entries = [first]
        self.stands: Contract = engine.replay(CONTRACT, 0, self.entries)
        if to is State.LISTED:
            return self.entries
        self._do(self.clerk, Order(Act.PUBLISH), 9)
        if to is not State.PUBLISHED:
            self._review(to, days)
        return self.entries

    def _review(self, to: State, days: int) -> None:
        rng = self.rng
        irregular = to in {State.CLEARED, State.RELAPSED}
        if to is State.REVIEWED:
            irregular = bool(rng.uniform() < 0.7)
        measured = self.stands.area_written
        if irregular:
            measured = round(measured * float(rng.uniform(1.05, 1.5)), 1)
        words = "irregular" if irregular else "regular"
        figures = {"area_measured": measured, "irregular": irregular}
        self._say(self.clerk, Act.REVIEW, words, days, **figures)
        if to is State.KEPT:
            self._say(self.chief, Act.KEEP, "kept", 25)
        if to in {State.CLEARED, State.RELAPSED}:
            # Below 200 mu a price to the hundredth tells the rent to the yuan.
            price = round((self.stands.rent_before + self.gain) / measured, 2)
            self._say(self.chief, Act.CLEAR, "cleared", 25, price_after=price)
        if to is State.RELAPSED:
            self._say(self.clerk, Act.RELAPSE, "relapse", 15)

    def _say(self, actor: Actor, act: Act, words: str, days: int, **figures: Any) -> None:
        text = str(self.rng.choice(CONTRACTS[words]))
        self._do(actor, Order(act, words=text, **figures), days)

    def _do(self, actor: Actor, order: Order, days: int) -> None:
        wait_s = int(self.rng.uniform(0.2, 1.0) * days * DAY_S)
        at = _in_hours(self.stands.last_at + wait_s)
        entry = engine.decide(CONTRACT, self.stands, actor, order, now=at)
        self.entries.append(entry)
        self.stands = engine.apply(CONTRACT, self.stands, entry)
