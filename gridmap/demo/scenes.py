"""What lies on the desks of the demonstration's own people at first start: open matters
with running clocks.

Each is played by the rules of `gridmap.cases.matters.kind`, by the people the demo sign-in offers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from gridmap.calendar import DAY_S, UTC_OFFSET_S
from gridmap.cases.actors import SYSTEM, Actor
from gridmap.cases.deadlines import Deadlines
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry, Order
from gridmap.demo import phrases
from gridmap.demo.reportcolumns import ReportColumns
from gridmap.demo.rules import LEFT_TO_THE_DISPATCHER
from gridmap.demo.source import MOBILE
from gridmap.demo.stage import Stage
from gridmap.model import Status, UserRole

Ints = npt.NDArray[np.int64]

FEWEST_REPORTS = 1_000
"""Cities with fewer reports than this go without."""

MINUTE, HOUR = 60, 3600


@dataclass
class Scene:
    """One matter: rows of its grid and category, the office it went to first, and its
    journal so far.
    """

    grid: int
    category: int
    first: int
    steps: list[Entry] = field(default_factory=list)

    @property
    def case(self) -> Case:
        """How it stands; the matter's number is not known yet."""
        return engine.replay(MATTER, 0, self.steps)

    @property
    def reported_at(self) -> int:
        """When it was reported, which also tells it from the others."""
        return self.steps[0].at


class Scenes:
    """Plays scenes: `at` times, by `people` of the demo sign-in, at the desks of their chain."""

    def __init__(self, stage: Stage, clocks: Deadlines, *, now: int) -> None:
        self._stage, self.clocks, self.now = stage, clocks, now
        self.rows = {str(code): row for row, code in enumerate(stage.mix.codes)}
        self.scenes: list[Scene] = []
        crew = stage.crew
        users = crew.users.set_index("id")
        self.people = {
            login: self._actor(users, number) for login, number in crew.demo.items()
        }
        self.home = int(np.flatnonzero(crew.worker == crew.demo["demo.worker"])[0])
        self.beside = int(np.flatnonzero(crew.worker == crew.demo["demo.worker.2"])[0])
        self.village, self.township, self.county, self.city = (
            int(office) for office in crew.desk[self.home]
        )
        self.bureau = self.people["demo.handler"].office
        self.police = self.people["demo.handler.police"].office
        self.midnight = now - (now + UTC_OFFSET_S) % DAY_S

    def report(
        self, category: str, at: int, *, grid: int = -1, by: str = "demo.worker"
    ) -> Scene:
        """A report at `at`, by default from the home grid."""
        row = self.home if grid < 0 else grid
        first, department, rule = self._stage.route(
            np.array([self.rows[category]]), np.array([row])
        )
        # No two at the same second: the second tells a scene from the others.
        while any(scene.reported_at == at for scene in self.scenes):
            at -= 1
        order = Order(
            Act.REPORT,
            category=category,
            grid=int(self._stage.codes[row]),
            office=int(first[0]),
            reported_at=at,
            department=self._stage.departments[department[0]],
            rule=int(rule[0]),
        )
        step = engine.begin(MATTER, self.people[by], order, now=at, context=self.clocks)
        scene = Scene(row, self.rows[category], int(first[0]), [step])
        self.scenes.append(scene)
        return scene

    def do(self, scene: Scene, who: str, move: Act, at: int, **details: object) -> Scene:
        """`who` makes `move` at `at`; raises RefusedError when the rules do not allow it."""
        actor = self.people[who] if who else SYSTEM
        order = Order(move, **details)
        step = engine.decide(MATTER, scene.case, actor, order, now=at, context=self.clocks)
        scene.steps.append(step)
        return scene

    def start_for(self, category: str, due: int) -> int:
        """When a limit of `category` that runs out at `due` begins."""
        limit = self.clocks.categories[category]
        return self.clocks.days.due(due, -limit.amount, limit.unit)

    def clock(self, hour: int, minute: int, *, days_ago: int = 0) -> int:
        """A time of day."""
        return self.midnight - days_ago * DAY_S + hour * HOUR + minute * MINUTE

    def _actor(self, users: object, number: int) -> Actor:
        row = users.loc[number]  # type: ignore[attr-defined]
        role = UserRole(row["role"])
        grids = self._stage.codes[self._stage.crew.worker == number].tolist()
        areas = tuple(grids) if role is UserRole.GRID_WORKER else (int(row["area"]),)
        return Actor(number, role, row["name"], int(row["office"]), areas)


def play(stage: Stage, clocks: Deadlines, *, now: int) -> list[Scene]:
    """All scenes."""
    scenes = Scenes(stage, clocks, now=now)
    for desk in _DESKS:
        _desk(scenes, desk)
    for login, grid in (("demo.worker", scenes.home), ("demo.worker.2", scenes.beside)):
        _worker(scenes, login, grid)
    _queue(scenes)
    _verify(scenes)
    _leaders(scenes)
    return scenes.scenes


def drawn(scenes: list[Scene]) -> ReportColumns:
    """The scenes as reports; their journals follow."""

    def column(values: list[int]) -> Ints:
        return np.array(values, dtype=np.int64)

    none = np.zeros(len(scenes), dtype=np.int64)
    return ReportColumns(
        column([scene.grid for scene in scenes]),
        column([scene.category for scene in scenes]),
        column([scene.reported_at for scene in scenes]),
        none,
        none,
        none,
        none + int(Status.REPORTED),
        none + MOBILE,
    ).by_time()


@dataclass(frozen=True)
class ChainDesk:
    """A desk of the chain: who sits there, and how matters get there from a report of
    `category` (hours of limit).
    """

    login: str
    category: str
    more: str
    via: str = ""
    """Who sends it on: by dispatch to a department, by whistle to the city."""


_DESKS: Mapping[str, ChainDesk] = {
    "village": ChainDesk("demo.clerk.village", "E0404", "C0301"),
    "township": ChainDesk("demo.clerk.township", "E0401", "E0401"),
    "county": ChainDesk("demo.clerk.county", "C0106", "C0106"),
    "city": ChainDesk("demo.clerk.city", "C0106", "C0106", "demo.clerk.county"),
    "bureau": ChainDesk("demo.handler", "E0304", "C0201", "demo.clerk.village"),
    "police": ChainDesk("demo.handler.police", "E0402", "C0203", "demo.clerk.village"),
}
_FROM_WHERE = {
    "township": ("demo.clerk.village", "C0301"),
    "county": ("demo.clerk.township", "E0401"),
    "city": ("demo.clerk.county", "C0106"),
    "bureau": ("demo.clerk.township", "E0401"),
    "police": ("demo.clerk.township", "E0401"),
}


def _desk(scenes: Scenes, name: str) -> None:
    """Something in every box of one desk."""
    desk, office = _DESKS[name], int(getattr(scenes, name))
    _new(scenes, desk, office)
    near = _in_hand(scenes, desk, office, desk.category, due=scenes.clock(9, 5))
    late = _in_hand(scenes, desk, office, desk.category, due=scenes.clock(8, 38))
    _in_hand(scenes, desk, office, desk.more, due=0)
    for scene in (near, late):
        scenes.do(
            scene,
            desk.login,
            Act.NOTE,
            scenes.clock(8, 33),
            reason="已电话联系，正在赶往现场。",
        )
    scenes.do(
        late,
        "demo.commander",
        Act.SUPERVISE,
        scenes.clock(8, 41),
        reason=phrases.SUPERVISED[0],
    )
    _blown(scenes, name, office)


def _new(scenes: Scenes, desk: ChainDesk, office: int) -> None:
    """Not begun: reported last night, or sent this morning."""
    for turn in range(2):
        scene = scenes.report(desk.more, scenes.clock(21, 40 + 7 * turn, days_ago=1))
        if desk.via:
            first = scenes.do(scene, desk.via, Act.ACCEPT, scenes.clock(8, 31))
            _sent(scenes, first, desk, office, scenes.clock(8, 34 + turn))
            if scene.case.whistle is not None:
                scenes.do(scene, desk.login, Act.HEED, scenes.clock(8, 39 + turn), apt=True)


def _sent(scenes: Scenes, scene: Scene, desk: ChainDesk, office: int, at: int) -> None:
    move = Act.WHISTLE if office == scenes.city else Act.DISPATCH
    scenes.do(
        scene,
        desk.via,
        move,
        at,
        office=office,
        reason=phrases.WHISTLES[1] if move is Act.WHISTLE else "",
    )


def _in_hand(
    scenes: Scenes, desk: ChainDesk, office: int, category: str, *, due: int
) -> Scene:
    """In hand at a desk; `due` 0: accepted this morning, with its time before it."""
    accepted = scenes.start_for(category, due) if due else scenes.clock(8, 32)
    reported = accepted - 4 * MINUTE if due else scenes.clock(20, 11, days_ago=1)
    scene = scenes.report(category, reported, grid=scenes.beside, by="demo.worker.2")
    scenes.do(scene, desk.via or desk.login, Act.ACCEPT, accepted)
    if desk.via:
        _sent(scenes, scene, desk, office, accepted + 2 * MINUTE)
        if scene.case.whistle is not None:
            scenes.do(scene, desk.login, Act.HEED, accepted + 4 * MINUTE, apt=True)
    return scenes.do(scene, desk.login, Act.HANDLE, accepted + 6 * MINUTE)


def _blown(scenes: Scenes, name: str, office: int) -> None:
    """A whistle that waits for an answer."""
    if name == "village":
        # The chief of the grid calls the village to what lies at the county's desk.
        scene = scenes.report("C0106", scenes.clock(22, 5, days_ago=1))
        scenes.do(scene, "demo.clerk.county", Act.ACCEPT, scenes.clock(8, 30))
        scenes.do(
            scene,
            "demo.chief.grid",
            Act.WHISTLE,
            scenes.clock(8, 40),
            office=office,
            reason="请村（居）先到现场拉起警戒。",
        )
        return
    who, category = _FROM_WHERE[name]
    scene = scenes.report(category, scenes.clock(19, 50, days_ago=1))
    scenes.do(scene, who, Act.ACCEPT, scenes.clock(8, 31))
    scenes.do(
        scene,
        who,
        Act.WHISTLE,
        scenes.clock(8, 37),
        office=office,
        reason=phrases.WHISTLES[0],
    )


def _worker(scenes: Scenes, login: str, grid: int) -> None:
    """What a grid worker has in hand, is to begin, and is to verify."""
    clerk = "demo.clerk.village"
    fresh = scenes.report("C0301", scenes.clock(20, 45, days_ago=1), grid=grid, by=login)
    scenes.do(fresh, clerk, Act.ACCEPT, scenes.clock(8, 33))
    for due, pressed in ((scenes.clock(9, 10), False), (scenes.clock(8, 36), True)):
        accepted = scenes.start_for("E0404", due)
        scene = scenes.report("E0404", accepted - 3 * MINUTE, grid=grid, by=login)
        scenes.do(scene, clerk, Act.ACCEPT, accepted)
        scenes.do(scene, login, Act.HANDLE, accepted + 9 * MINUTE)
        if pressed:
            scenes.do(
                scene,
                "demo.chief.village",
                Act.SUPERVISE,
                scenes.clock(8, 40),
                reason=phrases.SUPERVISED[1],
            )


def _queue(scenes: Scenes) -> None:
    """What no rule sends anywhere, an extension to be decided, and what the dispatcher has
    taken on.
    """
    for turn, category in enumerate(_unruled(scenes)):
        scenes.report(category, scenes.clock(21, 5 + turn, days_ago=1))
    taken = scenes.report(_unruled(scenes)[0], scenes.clock(18, 20, days_ago=1))
    scenes.do(taken, "demo.dispatcher", Act.ACCEPT, scenes.clock(8, 31))
    scenes.do(
        taken,
        "demo.dispatcher",
        Act.ASSIGN,
        scenes.clock(8, 32),
        person=scenes.people["demo.dispatcher"].user,
    )
    asked = _in_hand(
        scenes, _DESKS["bureau"], scenes.bureau, "E0304", due=scenes.clock(10, 0)
    )
    until = scenes.clock(17, 30)
    scenes.do(
        asked,
        "demo.handler",
        Act.ASK_EXTENSION,
        scenes.clock(8, 35),
        until=until,
        reason=phrases.EXTENSION[0],
    )


def _unruled(scenes: Scenes) -> list[str]:
    return [code for code in scenes.rows if code.startswith(LEFT_TO_THE_DISPATCHER)][:2]


def _verify(scenes: Scenes) -> None:
    """Reported back, waiting for somebody who did not handle it: in time, near, late,
    pressed for.
    """
    desk = _DESKS["bureau"]
    plans = (
        (scenes.clock(11, 30), False),
        (scenes.clock(9, 2), True),
        (scenes.clock(16, 40, days_ago=4), True),
    )
    for number, (due, pressed) in enumerate(plans):
        scene = _in_hand(scenes, desk, scenes.bureau, "E0304", due=due)
        at = min(due - 25 * MINUTE, scenes.clock(8, 42))
        if number == 1:
            at = scenes.clock(8, 37)
        scenes.do(scene, desk.login, Act.ANSWER, at, reason=phrases.ANSWERED[number])
        if pressed:
            scenes.do(
                scene,
                "demo.chief.county",
                Act.SUPERVISE,
                scenes.clock(8, 43),
                reason=phrases.SUPERVISED[1],
            )
    police = _in_hand(
        scenes, _DESKS["police"], scenes.police, "E0402", due=scenes.clock(9, 20)
    )
    scenes.do(
        police,
        "demo.handler.police",
        Act.ANSWER,
        scenes.clock(8, 40),
        reason=phrases.ANSWERED[5],
    )


def _leaders(scenes: Scenes) -> None:
    """Chiefs and the commander take on one matter each."""
    takers = (
        ("demo.chief.grid", "village"),
        ("demo.chief.village", "village"),
        ("demo.chief.township", "township"),
        ("demo.chief.county", "county"),
        ("demo.commander", "city"),
        ("demo.dispatcher.city", "city"),
        ("demo.verifier", "county"),
        ("demo.verifier.township", "township"),
    )
    for turn, (login, name) in enumerate(takers):
        desk = _DESKS[name]
        scene = _in_hand(scenes, desk, int(getattr(scenes, name)), desk.more, due=0)
        by = "demo.dispatcher" if name != "city" else "demo.clerk.city"
        scenes.do(
            scene,
            by,
            Act.ASSIGN,
            scenes.clock(8, 40) + turn,
            person=scenes.people[login].user,
        )
