"""The demonstration's front headquarters: 11 working groups of 21 departments, sessions
held, rules, units asked to answer.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from gridmap.calendar import DAY_S
from gridmap.cases.stays import Left
from gridmap.codes import span
from gridmap.demo.clock import NOW
from gridmap.demo.people import CITY
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
        int(one)
        for one in connection.scalars(query.order_by(cases.c.closed_at.desc()).limit(2))
    ]


def _open(connection: Connection) -> list[int]:
    """Matters under supervision and open."""
    query = select(cases.c.matter).where(
        cases.c.status.in_([int(one) for one in OPEN_STATUSES]), cases.c.supervised > 0
    )
    return [int(one) for one in connection.scalars(query.order_by(cases.c.matter).limit(3))]


def _last_week(connection: Connection, crew: Crew, matters: list[int]) -> None:
    at, by = NOW - 6 * DAY_S, crew.demo["demo.commander"]
    session = sessions.open_session(
        connection, title="疑难事项联合研判", area=CITY[0], roles=ROLES, at=at, by=by
    )
    _list(connection, session, matters, at=at + 600, by=by)
    office = crew.department["城市管理局", crew.county]
    for number, matter in enumerate(matters):
        sessions.judge(
            connection, session, matter, "责任单位已明确，由城市管理组牵头督办。"
        )
        words = {"matter": matter, "words": "责任单位已明确，由城市管理组牵头督办。"}
        sessions.add_line(
            connection, session, "judged", at=at + 1200 + number, by=by, data=words
        )
        task = sessions.add_task(
            connection,
            session=session,
            matter=matter,
            group=5,
            office=office,
            task="三日内完成整治，反馈现场照片。",
            due_at=at + 3 * DAY_S,
        )
        told = {
            "matter": matter,
            "office": office,
            "group": 5,
            "task": "三日内完成整治，反馈现场照片。",
            "due_at": at + 3 * DAY_S,
        }
        sessions.add_line(
            connection, session, "assigned", at=at + 1800 + number, by=by, data=told
        )
        answered, done = at + 2 * DAY_S + number * _HOUR, at + 3 * DAY_S
        worker = int(crew.sits[office])
        sessions.change_task(
            connection,
            task,
            answer="已整治到位，照片已附案卷。",
            answered_at=answered,
            answered_by=worker,
            done_at=done,
            done_by=by,
        )
        sessions.add_line(
            connection,
            session,
            "answered",
            at=answered,
            by=worker,
            data={"task": task, "words": "已整治到位，照片已附案卷。"},
        )
        sessions.add_line(connection, session, "done", at=done, by=by, data={"task": task})
    decision = "城市管理组牵头，重点路段每日巡查，一周后复盘。"
    sessions.change(
        connection,
        session,
        state=sessions.CLOSED,
        decision=decision,
        closed_at=at + 2 * _HOUR,
        closed_by=by,
    )
    sessions.add_line(
        connection, session, "closed", at=at + 2 * _HOUR, by=by, data={"decision": decision}
    )


def _this_morning(connection: Connection, crew: Crew, matters: list[int]) -> None:
    at, by = NOW - 1500, crew.demo["demo.commander"]
    session = sessions.open_session(
        connection, title="超期事项联合研判", area=CITY[0], roles=ROLES, at=at, by=by
    )
    _list(connection, session, matters, at=at + 120, by=by)
    office = crew.department["城市管理局", crew.county]
    sessions.judge(connection, session, matters[0], "责任清楚，今日内办结。")
    sessions.add_line(
        connection,
        session,
        "judged",
        at=at + 300,
        by=by,
        data={"matter": matters[0], "words": "责任清楚，今日内办结。"},
    )
    due = NOW + 8 * _HOUR
    sessions.add_task(
        connection,
        session=session,
        matter=matters[0],
        group=5,
        office=office,
        task="今日下班前办结并反馈。",
        due_at=due,
    )
    told = {
        "matter": matters[0],
        "office": office,
        "group": 5,
        "task": "今日下班前办结并反馈。",
        "due_at": due,
    }
    sessions.add_line(connection, session, "assigned", at=at + 360, by=by, data=told)


def _list(
    connection: Connection, session: int, matters: list[int], *, at: int, by: int
) -> None:
    sessions.pick(connection, session, matters)
    sessions.add_line(
        connection, session, "picked", at=at, by=by, data={"matters": matters}
    )


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
    found = find(rule, table, table.head(0))
    return {
        int(row["office"]): {
            name: row[name] for name in ("numerator", "denominator", "value")
        }
        for row in found.to_dict("records")
    }
