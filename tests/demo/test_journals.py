import json

import pytest
from sqlalchemy import func, select

from gridmap.cases import stays as journal_stays
from gridmap.cases.actors import SYSTEM, Actor
from gridmap.cases.deadlines import Deadlines, Limit
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.city.city import City
from gridmap.demo import CLOCK, story
from gridmap.demo.journals import DAYS
from gridmap.model import Channel, LimitUnit, Status
from gridmap.store.flow import limits as store_limits
from gridmap.store.flow.caserows import case_of, matter_row_of, row_of, stay_row_of
from gridmap.store.flow.cases import steps
from gridmap.store.look import columns
from gridmap.store.tables import alarms, cases, events, matters, serials, stays, whistles

NOW = int(CLOCK.timestamp())
ACTING = {"grid_worker", "clerk", "handler", "dispatcher", "verifier", "chief", "commander"}
LOOKING = {"planner", "leader", "admin"}
TELLS = {"kind", "limit", "of"}
"""What the city's clock says of an alarm, beside the rules."""


@pytest.fixture(scope="module")
def city(small_city):
    opened = City.open(small_city)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def filed(city):
    """Rows of `cases` with their journals."""
    with city.store.read() as connection:
        rows = connection.execute(select(cases)).mappings().all()
        return [(row, steps(connection, row["matter"])) for row in rows]


@pytest.fixture(scope="module")
def clocks(city):
    with city.store.read() as connection:
        own = {
            row["code"]: Limit(row["limit_amount"], LimitUnit(row["limit_unit"]))
            for row in store_limits.read_categories(connection)
        }
        named = {
            (row["step"], row["category"]): Limit(row["amount"], LimitUnit(row["unit"]))
            for row in store_limits.read_steps(connection)
        }
    return Deadlines(categories=own, steps=named)


def test_the_last_days_and_everything_open_have_journals(city):
    with city.store.read() as connection:
        recent = (matters.c.reported_at >= NOW - DAYS * 86_400) | matters.c.status.in_(
            [int(status) for status in Status if status.is_open]
        )
        quarter = matters.c.accepted_at.between(story.QUARTER[0], story.QUARTER[1] - 1)
        told = (
            quarter
            & (matters.c.channel == Channel.CENTRE)
            & (matters.c.grid // 10**9 == story.HONGQI)
        )
        wanted = set(connection.scalars(select(matters.c.id).where(recent | told)))
        assert wanted
        assert wanted == set(connection.scalars(select(cases.c.matter)))


def test_every_case_is_what_its_journal_tells(filed):
    for row, journal in filed:
        case = engine.replay(MATTER, row["matter"], journal)
        assert case == case_of(row), row["number"]
        again = row_of(case)
        state = again.pop("state")
        assert {name: row[name] for name in again} == again
        assert json.loads(row["state"]) == json.loads(state)


def test_matters_lay_where_their_journals_say(city, filed):
    with city.store.read() as connection:
        told = (
            connection.execute(select(stays).order_by(stays.c.matter, stays.c.step))
            .mappings()
            .all()
        )
    expected = [
        stay_row_of(stay)
        for row, journal in filed
        for stay in journal_stays.stays(row["matter"], journal)
    ]
    assert expected
    assert [dict(row) for row in told] == sorted(
        expected, key=lambda row: (row["matter"], row["step"])
    )


def test_every_line_of_every_journal_is_what_the_rules_decide(city, filed, clocks):
    actors = {}

    def actor(user):
        if user not in actors:
            actors[user] = city.people.actor(user) if user else SYSTEM
        return actors[user]

    for row, journal in filed:
        first = journal[0]
        case = engine.replay(MATTER, row["matter"], journal[:1])
        report = Order(
            Act.REPORT,
            category=case.category,
            grid=case.grid,
            office=case.office,
            reported_at=first.at,
            department=case.department,
            rule=first.data.get("rule", 0),
        )
        reporter = Actor(first.actor, SYSTEM.role)
        again = engine.begin(MATTER, reporter, report, now=first.at, context=clocks)
        assert again == first
        for step in journal[1:]:
            told = {name: value for name, value in step.data.items() if name not in TELLS}
            decided = engine.decide(
                MATTER, case, actor(step.actor), _order(step), now=step.at, context=clocks
            )
            assert (decided.at, dict(decided.data)) == (step.at, told), (
                row["number"],
                step,
            )
            case = engine.apply(MATTER, case, step)


def _order(step):
    data = step.data
    office = (
        data.get("office", 0)
        if step.act in {Act.DISPATCH, Act.TRANSFER, Act.WHISTLE}
        else 0
    )
    person = data.get("person", 0) if step.act is Act.ASSIGN else 0
    rating = data.get("whistle_rating", data.get("rating", 0))
    return Order(
        step.act,
        office=office,
        person=person,
        reason=data.get("reason", ""),
        until=data.get("until", 0),
        rating=rating,
        apt=data.get("apt"),
    )


def test_routes_are_those_the_city_would_choose(city, filed):
    for row, journal in filed:
        case = engine.replay(MATTER, row["matter"], journal[:1])
        route = city.routing.route(case.category, case.grid)
        assert (route.rule, route.office, route.department) == (
            journal[0].data.get("rule", 0),
            case.office,
            case.department,
        )


def test_matters_and_columns_say_what_their_cases_say(city, filed):
    with city.store.read() as connection:
        stored = {row["id"]: row for row in connection.execute(select(matters)).mappings()}
    for row, _ in filed:
        told = matter_row_of(case_of(row))
        assert {name: stored[row["matter"]][name] for name in told} == told
    place, content = columns.folder(city.store), columns.manifest(city.store)
    read = {
        row["id"]: row
        for part in content.parts
        for row in columns.read_part(place, part).to_pylist()
    }
    assert {number: one["status"] for number, one in read.items()} == {
        number: one["status"] for number, one in stored.items()
    }


def test_nothing_happens_after_the_clock_or_before_the_report(filed):
    for _, journal in filed:
        times = [step.at for step in journal]
        assert times == sorted(times)
        assert times[-1] <= NOW


def test_whistles_stand_in_their_table_as_in_their_cases(city, filed):
    with city.store.read() as connection:
        rows = {
            row["matter"]: row for row in connection.execute(select(whistles)).mappings()
        }
    told = {row["matter"]: case_of(row).whistle for row, _ in filed if row["whistles"]}
    assert set(rows) == set(told)
    for matter, blown in told.items():
        assert rows[matter]["whistle"] == blown.step
        for name in (
            "from_office",
            "to_office",
            "by",
            "at",
            "due_at",
            "heeded_at",
            "apt",
            "rating",
            "lapsed_at",
        ):
            assert rows[matter][name] == getattr(blown, name), name


def test_case_numbers_go_on_where_the_demonstration_stopped(city, filed):
    with city.store.read() as connection:
        last = {
            (row.county, row.day): row.last for row in connection.execute(select(serials))
        }
    used = {}
    for row, _ in filed:
        county, _, day, serial = row["number"].split("-")
        key = (int(county), int(day))
        used[key] = max(used.get(key, 0), int(serial))
    assert last == used
    assert len({row["receipt"] for row, _ in filed}) == len(filed)


def test_there_is_something_of_every_kind_to_count(city):
    with city.store.read() as connection:
        moves = set(
            connection.scalars(
                select(events.c.kind).where(events.c.step.is_not(None)).distinct()
            )
        )
        standing = set(connection.scalars(select(cases.c.status).distinct()))
    assert moves >= {
        str(move)
        for move in (
            Act.WHISTLE,
            Act.HEED,
            Act.RATE_WHISTLE,
            Act.REWORK,
            Act.ASK_EXTENSION,
            Act.GRANT_EXTENSION,
            Act.PARK,
            Act.SUPERVISE,
            Act.TRANSFER,
            Act.OVERDUE,
            Act.VOID,
            Act.REJECT,
            Act.EVALUATE,
            Act.ASSIGN,
        )
    }
    assert standing == {int(status) for status in Status}


def test_parked_matters_say_why(city):
    with city.store.read() as connection:
        said = connection.scalars(
            select(events.c.data).where(events.c.kind == str(Act.PARK))
        ).all()
    assert said
    assert all(json.loads(one)["reason"] for one in said)


def test_every_box_of_every_demo_user_has_something(city):
    for user in city.people.demo_users().itertuples():
        counts = city.inbox.counts(city.people.actor(user.id))
        if user.role in ACTING:
            assert all(counts.values()), (user, counts)
        else:
            assert user.role in LOOKING
            assert all(
                counts[box] for box in ("near_due", "overdue", "whistled", "supervised")
            ), (user, counts)


def test_open_matters_are_not_years_late(city):
    with city.store.read() as connection:
        late = select(func.min(cases.c.due_at)).where(
            cases.c.status.in_([int(status) for status in Status if status.is_open]),
            cases.c.due_at > 0,
        )
        assert connection.scalar(late) > NOW - 31 * 86_400


def test_what_was_late_when_it_ran_in_hand_was_noted_once(city, filed):
    with city.store.read() as connection:
        noted = {
            (row.matter, row.kind, row.due_at) for row in connection.execute(select(alarms))
        }
    lines = [
        (row["matter"], step.data["kind"], step.data["limit"])
        for row, journal in filed
        for step in journal
        if step.act in {Act.OVERDUE, Act.NEAR_DUE}
    ]
    assert len(lines) == len(set(lines)) == len(noted)
    assert set(lines) == noted
