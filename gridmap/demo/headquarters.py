"""The demonstration's front headquarters: 11 working groups of 21 departments, sessions
held, rules, units asked to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from gridmap.calendar import DAY_S
from gridmap.cases import interviews
from gridmap.cases.actors import Actor
from gridmap.cases.interviews import INTERVIEW
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry, Order
from gridmap.cases.sessions import ORDER, SESSION, Act, OrderAct, SessionOrder, given
from gridmap.cases.stays import Left
from gridmap.codes import span
from gridmap.demo.clock import NOW
from gridmap.demo.population import CITY
from gridmap.demo.users import Crew
from gridmap.insight.lag import Rule
from gridmap.insight.lag import lagging as find
from gridmap.model import OPEN_STATUSES, Status, UserRole
from gridmap.store import Store
from gridmap.store.headquarters import lagging
from gridmap.store.headquarters.interviews import INTERVIEWS
from gridmap.store.headquarters.sessions import ORDERS, SESSIONS, add_groups
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
        add_groups(
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
    session = _Held(connection, crew, "疑难事项联合研判", at=begun)
    session.do(Act.PICK, at=begun + 600, matters=matters)
    words = "责任单位已明确，由城市管理组牵头督办。"
    for turn, matter in enumerate(matters):
        session.do(Act.JUDGE, at=begun + 1200 + turn, matter=matter, words=words)
    task, until = "三日内完成整治，反馈现场照片。", begun + 3 * DAY_S
    orders = [
        session.give(matter, task, until=until, at=begun + 1800 + turn)
        for turn, matter in enumerate(matters)
    ]
    decision = "城市管理组牵头，重点路段每日巡查，一周后复盘。"
    session.do(Act.CLOSE, at=begun + 2 * _HOUR, decision=decision)
    for turn, order in enumerate(orders):
        answered_at = begun + 2 * DAY_S + turn * _HOUR
        answer = Order(OrderAct.ANSWER, words="已整治到位，照片已附案卷。")
        answered = session.follow_up(order, session.unit, answer, at=answered_at)
        accept = Order(OrderAct.ACCEPT)
        session.follow_up(answered, session.commander, accept, at=begun + 3 * DAY_S)


def _this_morning(connection: Connection, crew: Crew, matters: list[int]) -> None:
    begun = NOW - 1500
    session = _Held(connection, crew, "超期事项联合研判", at=begun)
    session.do(Act.PICK, at=begun + 120, matters=matters)
    words = "责任清楚，今日内办结。"
    session.do(Act.JUDGE, at=begun + 300, matter=matters[0], words=words)
    until = NOW + 8 * _HOUR
    session.give(matters[0], "今日下班前办结并反馈。", until=until, at=begun + 360)


class _Held:
    """A session the commander holds; its orders go to the county's urban management."""

    def __init__(self, connection: Connection, crew: Crew, title: str, *, at: int) -> None:
        """A session opened at `at`."""
        city, office = CITY[0], crew.department["城市管理局", crew.county]
        self.connection = connection
        self.commander = Actor(
            crew.demo["demo.commander"], UserRole.COMMANDER, areas=(city,)
        )
        self.unit = Actor(int(crew.sits[office]), UserRole.HANDLER, office=office)
        begins = Order(Act.OPEN, title=title, area=city, roles=ROLES)
        first = engine.begin(SESSION, self.commander, begins, now=at)
        number, _ = SESSIONS.create(connection, first)
        self.stands = SESSIONS.load(connection, number)

    def do(self, act: Act, *, at: int, **said: Any) -> None:
        """Let the commander do something at `at`."""
        order, named = Order(act, **said), said.get("matters")
        entry = engine.decide(
            SESSION, self.stands, self.commander, order, now=at, context=named
        )
        self.stands = SESSIONS.append(self.connection, self.stands, entry)

    def give(self, matter: int, task: str, *, until: int, at: int) -> SessionOrder:
        """Give the unit something to do."""
        said = {
            "matter": matter,
            "office": self.unit.office,
            "group": _CITY_MANAGEMENT,
            "task": task,
            "until": until,
        }
        self.do(Act.GIVE, at=at, **said)
        order = given(self.stands, Order(Act.GIVE, **said))
        first = engine.begin(ORDER, self.commander, order, now=at)
        number, _ = ORDERS.create(self.connection, first)
        return ORDERS.load(self.connection, number)

    def follow_up(
        self, stands: SessionOrder, actor: Actor, order: Order, *, at: int
    ) -> SessionOrder:
        """Let `actor` answer an order, or judge the answer."""
        entry = engine.decide(ORDER, stands, actor, order, now=at)
        return ORDERS.append(self.connection, stands, entry)


def _warnings(connection: Connection, crew: Crew) -> None:
    """One unit asked and to answer, one that has answered, one let go."""
    counted = _counted(connection)
    plans = (
        ("城市管理局", 1, 0, 0),
        ("住房和城乡建设局", 3, 2, 0),
        ("自然资源和规划局", 20, 18, 16),
    )
    journals = []
    for department, asked, answered, closed in plans:
        office = crew.department[department, crew.county]
        reason = {name: RULES[1][name] for name in ("measure", "threshold", "days")}
        reason |= {} if closed else counted.get(office, {})
        days = (asked, answered, closed)
        journals.append(_interview(crew, office, reason, days))
    INTERVIEWS.create_many(connection, journals)


def _interview(
    crew: Crew, office: int, reason: Mapping[str, Any], days: tuple[int, int, int]
) -> list[Entry]:
    """The journal of an interview: so many days ago asked, answered, closed (0: not yet)."""
    commander = Actor(crew.demo["demo.commander"], UserRole.COMMANDER, areas=(CITY[0],))
    unit = Actor(int(crew.sits[office]), UserRole.HANDLER, office=office)
    ask = Order(
        interviews.Act.ASK,
        area=crew.county,
        office=office,
        words="请说明原因和整改期限。",
        rule=2,
        reason=reason,
    )
    steps = (
        (unit, Order(interviews.Act.ANSWER, answer="已增派人手，本周内清零。")),
        (commander, Order(interviews.Act.CLOSE, verdict="整改到位，予以销号。")),
    )
    asked, *later = (NOW - ago * DAY_S if ago else 0 for ago in days)
    journal = [engine.begin(INTERVIEW, commander, ask, now=asked)]
    for at, (actor, order) in zip(later, steps, strict=True):
        if at:
            stands = engine.replay(INTERVIEW, 0, journal)
            journal.append(engine.decide(INTERVIEW, stands, actor, order, now=at))
    return journal


def _counted(connection: Connection) -> dict[int, dict[str, object]]:
    """What the second rule counts now, by office, whatever its threshold."""
    rule = Rule("old", 0.0, 1, int(str(RULES[1]["days"])))
    table = lagging.held(connection, now=NOW, area=CITY[0])
    figures = ("numerator", "denominator", "value")
    lagging_offices = find(rule, table, table.head(0)).to_dict("records")
    return {
        int(row["office"]): {name: row[name] for name in figures} for row in lagging_offices
    }
