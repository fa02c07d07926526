"""The demonstration's front headquarters: 11 working groups of 21 departments, sessions
held, rules, units asked to answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from gridmap.calendar import DAY_S
from gridmap.cases.stays import Left
from gridmap.codes import span
from gridmap.demo.clock import NOW
from gridmap.demo.population import CITY
from gridmap.demo.users import Crew
from gridmap.insight.lag import Rule
from gridmap.insight.lag import lagging as find
from gridmap.model import OPEN_STATUSES, Status
from gridmap.store import Store
from gridmap.store.headquarters import lagging, sessions
from gridmap.store.tables import cases, stays

GROUPS = (
    (
        "综合协调组",
        "Coordination Group",
        "统筹调度、信息汇总、日清日结",
        ("民政局", "人力资源和社会保障局"),
    ),
    ("信息研判组", "Analysis Group", "汇总数据、研判预警", ("公安局",)),
    ("矛盾化解组", "Mediation Group", "矛盾纠纷排查、调处化解", ("司法所",)),
    (
        "公共安全组",
        "Public Safety Group",
        "隐患排查、安全生产",
        ("应急管理局", "消防救援大队"),
    ),
    (
        "城市管理组",
        "City Management Group",
        "市容秩序、市政设施",
        ("城市管理局", "园林绿化中心"),
    ),
    ("交通秩序组", "Traffic Group", "道路交通、静态停车", ("公安局交警支队", "交通运输局")),
    (
        "规划建设组",
        "Planning and Construction Group",
        "违法建设、施工管理",
        ("住房和城乡建设局", "自然资源和规划局"),
    ),
    (
        "生态环境组",
        "Environment Group",
        "大气、水体、农村环境",
        ("生态环境局", "水利局", "林业局"),
    ),
    (
        "民生服务组",
        "Services Group",
        "教育、体育、助残",
        ("教育局", "体育局", "残疾人联合会"),
    ),
    (
        "卫生健康组",
        "Health Group",
        "公共卫生、食品安全",
        ("卫生健康委员会", "市场监督管理局"),
    ),
    ("农业农村组", "Agriculture Group", "农村合同清理、耕地保护", ("农业农村局",)),
)
"""Working groups with the departments of each, every department of the county in one."""
RULES = (
    {
        "measure": "late_share",
        "threshold": 10.0,
        "least": 5,
        "days": 1,
        "kind": "",
        "interview": False,
        "active": True,
    },
    {
        "measure": "old",
        "threshold": 3.0,
        "least": 3,
        "days": 7,
        "kind": "department",
        "interview": True,
        "active": True,
    },
    {
        "measure": "unanswered",
        "threshold": 10.0,
        "least": 5,
        "days": 30,
        "kind": "",
        "interview": True,
        "active": True,
    },
)
ROLES = (
    "指挥长",
    "综合协调组组长",
    "城市管理组组长",
    "公共安全组组长",
    "区一站式服务中心主任",
)
_HOUR = 3600
_CITY_MANAGEMENT = 5
"""Number of the working group that sessions charge."""


def assemble(store: Store, crew: Crew) -> None:
    """Store groups and rules, and with matters to speak of, a session of last week and one
    of this morning, and warnings.
    """
    with store.write() as connection:
        sessions.add_groups(
            connection,
            [
                dict(zip(("name", "name_en", "duty", "departments"), row, strict=True))
                for row in GROUPS
            ],
        )
        lagging.replace_rules(connection, RULES)
        lately, now_open = _lately(connection, crew.county), _open(connection)
        if lately:
            _last_week(connection, crew, lately)
        if now_open:
            _this_morning(connection, crew, now_open)
        _warnings(connection, crew)


def _lately(connection: Connection, county: int) -> list[int]:
    """Matters of `county` closed in the last days, reported before the session, that units
    had passed on.
    """
    passed = select(stays.c.matter).where(stays.c.left == int(Left.PASSED_ON))
    first, end = span(county)
    query = select(cases.c.matter).where(
        cases.c.status == Status.CLOSED,
        cases.c.closed_at > NOW - 6 * DAY_S,
        cases.c.reported_at < NOW - 7 * DAY_S,
        cases.c.grid >= first,
        cases.c.grid < end,
        cases.c.matter.in_(passed),
    )
    return [
        int(matter)
        for matter in connection.scalars(query.order_by(cases.c.closed_at.desc()).limit(2))
    ]


def _open(connection: Connection) -> list[int]:
    """Matters under supervision and open."""
    query = select(cases.c.matter).where(
        cases.c.status.in_([int(matter) for matter in OPEN_STATUSES]),
        cases.c.supervised > 0,
    )
    return [
        int(matter)
        for matter in connection.scalars(query.order_by(cases.c.matter).limit(3))
    ]


def _last_week(connection: Connection, crew: Crew, matters: list[int]) -> None:
    begun = NOW - 6 * DAY_S
    session = _Session.opened(connection, crew, "疑难事项联合研判", at=begun)
    session.pick(matters, at=begun + 600)
    due_at = begun + 3 * DAY_S
    for number, matter in enumerate(matters):
        words = "责任单位已明确，由城市管理组牵头督办。"
        session.judge(matter, words, at=begun + 1200 + number)
        at = begun + 1800 + number
        task = session.assign(
            matter, "三日内完成整治，反馈现场照片。", due_at=due_at, at=at
        )
        session.finish(
            task,
            answer="已整治到位，照片已附案卷。",
            answered_at=begun + 2 * DAY_S + number * _HOUR,
            done_at=begun + 3 * DAY_S,
        )
    session.close("城市管理组牵头，重点路段每日巡查，一周后复盘。", at=begun + 2 * _HOUR)


def _this_morning(connection: Connection, crew: Crew, matters: list[int]) -> None:
    begun = NOW - 1500
    session = _Session.opened(connection, crew, "超期事项联合研判", at=begun)
    session.pick(matters, at=begun + 120)
    session.judge(matters[0], "责任清楚，今日内办结。", at=begun + 300)
    due_at = NOW + 8 * _HOUR
    session.assign(matters[0], "今日下班前办结并反馈。", due_at=due_at, at=begun + 360)


@dataclass(frozen=True)
class _Session:
    """A session the commander holds; its tasks go to the county's urban management."""

    connection: Connection
    number: int
    by: int
    office: int
    worker: int

    @classmethod
    def opened(cls, connection: Connection, crew: Crew, title: str, *, at: int) -> _Session:
        """A session opened at `at`."""
        by = crew.demo["demo.commander"]
        number = sessions.open_session(
            connection, title=title, area=CITY[0], roles=ROLES, at=at, by=by
        )
        office = crew.department["城市管理局", crew.county]
        return cls(connection, number, by, office, int(crew.sits[office]))

    def pick(self, matters: list[int], *, at: int) -> None:
        """Take matters up."""
        sessions.pick(self.connection, self.number, matters)
        self._line("picked", at, {"matters": matters})

    def judge(self, matter: int, words: str, *, at: int) -> None:
        """Note what was found about a matter."""
        sessions.judge(self.connection, self.number, matter, words)
        self._line("judged", at, {"matter": matter, "words": words})

    def assign(self, matter: int, task: str, *, due_at: int, at: int) -> int:
        """Give the office a task; its number."""
        order: dict[str, Any] = {
            "matter": matter,
            "office": self.office,
            "group": _CITY_MANAGEMENT,
            "task": task,
            "due_at": due_at,
        }
        number = sessions.add_task(self.connection, session=self.number, **order)
        self._line("assigned", at, order)
        return number

    def finish(self, task: int, *, answer: str, answered_at: int, done_at: int) -> None:
        """Let the office answer, and the commander take the answer as done."""
        sessions.change_task(
            self.connection,
            task,
            answer=answer,
            answered_at=answered_at,
            answered_by=self.worker,
            done_at=done_at,
            done_by=self.by,
        )
        answered = {"task": task, "words": answer}
        self._line("answered", answered_at, answered, by=self.worker)
        self._line("done", done_at, {"task": task})

    def close(self, decision: str, *, at: int) -> None:
        """End the session with a decision."""
        sessions.change(
            self.connection,
            self.number,
            state=sessions.CLOSED,
            decision=decision,
            closed_at=at,
            closed_by=self.by,
        )
        self._line("closed", at, {"decision": decision})

    def _line(
        self, kind: str, at: int, data: dict[str, Any], *, by: int | None = None
    ) -> None:
        actor = self.by if by is None else by
        sessions.add_line(self.connection, self.number, kind, at=at, by=actor, data=data)


def _warnings(connection: Connection, crew: Crew) -> None:
    """One unit asked and to answer, one that has answered, one let go."""
    by, county = crew.demo["demo.commander"], crew.county
    counted = _counted(connection)
    plans = (
        ("城市管理局", 1, 0, 0),
        ("住房和城乡建设局", 3, 2, 0),
        ("自然资源和规划局", 20, 18, 16),
    )
    for department, asked, answered, closed in plans:
        office = crew.department[department, county]
        reason = {name: RULES[1][name] for name in ("measure", "threshold", "days")}
        reason |= {} if closed else counted.get(office, {})
        number = lagging.add_interview(
            connection,
            office=office,
            rule=2,
            reason=reason,
            words="请说明原因和整改期限。",
            asked_at=NOW - asked * DAY_S,
            asked_by=by,
            due_at=NOW - asked * DAY_S + 3 * DAY_S,
        )
        if answered:
            lagging.change_interview(
                connection,
                number,
                answer="已增派人手，本周内清零。",
                answered_at=NOW - answered * DAY_S,
                answered_by=int(crew.sits[office]),
            )
        if closed:
            lagging.change_interview(
                connection,
                number,
                verdict="整改到位，予以销号。",
                closed_at=NOW - closed * DAY_S,
                closed_by=by,
            )


def _counted(connection: Connection) -> dict[int, dict[str, object]]:
    """What the second rule counts now, by office, whatever its threshold."""
    rule = Rule("old", 0.0, 1, int(str(RULES[1]["days"])))
    table = lagging.held(connection, now=NOW, area=CITY[0])
    figures = ("numerator", "denominator", "value")
    lagging_offices = find(rule, table, table.head(0)).to_dict("records")
    return {
        int(row["office"]): {name: row[name] for name in figures} for row in lagging_offices
    }
