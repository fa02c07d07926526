"""Cases in the truth, on both databases: journal, case and matter are one, whoever writes
beside.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest
from movers import attempt, run
from reported import CLOCKS, RESIDENT, new, put
from sqlalchemy import func, select
from world import LOWER_LEFT, LOWER_RIGHT, NOW, reports

from gridmap.cases.actors import SYSTEM, Actor
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry, Order
from gridmap.errors import NotFoundError, StaleError
from gridmap.model import Status, UserRole
from gridmap.store.flow import casenumbers, caserows, cases, newcases
from gridmap.store.intake.imports import import_reports
from gridmap.store.look import columns
from gridmap.store.opening import open_store
from gridmap.store.tables import cases as cases_table
from gridmap.store.tables import events, matters, serials, whistles

R = UserRole
CLERK = Actor(1, R.CLERK, office=4, areas=(410702001001,))
TOWN = Actor(2, R.CLERK, office=3, areas=(410702001,))
DISPATCHER = Actor(3, R.DISPATCHER, office=2, areas=(410702,))
HANDLER = Actor(4, R.HANDLER, office=5, areas=(410702,))
VERIFIER = Actor(5, R.VERIFIER, office=2, areas=(410702,))
COMMANDER = Actor(6, R.COMMANDER, office=1, areas=(4107,))
ADMIN = Actor(7, R.ADMIN, office=1, areas=(4107,))
PEOPLE = (CLERK, TOWN, DISPATCHER, HANDLER, VERIFIER, COMMANDER, ADMIN, RESIDENT, SYSTEM)
HOSTILE = (
    "${document.title=7*7} `x` <script>alert(1)</script> C:\\2019 \u202e\u05d0\u2067 "
    "'\"; DROP TABLE cases;--"
)


def do(store, matter, actor, order, *, now=NOW + 60):
    with store.write() as connection:
        case = cases.load(connection, matter)
        return cases.append(
            connection,
            case,
            engine.decide(MATTER, case, actor, order, now=now, context=CLOCKS),
        )


def order_for(case, move, *, apt):
    office = next(office for office in (1, 2, 3, 4, 5) if office != case.office)
    given = {
        "office": office,
        "person": 99 if case.person != 99 else 98,
        "reason": HOSTILE,
        "rating": 4,
        "apt": apt,
        "until": max(case.due_at, case.last_at) + 86_400,
        "parent": case.matter + 1,
    }
    return Order(move, **{name: given[name] for name in MATTER.table[move].needs})


def check_agreement(connection, case):
    """Journal, case, matter and whistles tell the same."""
    journal = cases.steps(connection, case.matter)
    assert (
        engine.replay(MATTER, case.matter, journal)
        == case
        == cases.load(connection, case.matter)
    )
    assert [step.number for step in journal] == list(range(1, case.version + 1))
    row = connection.execute(select(matters).where(matters.c.id == case.matter)).one()
    assert (row.status, row.accepted_at or 0, row.closed_at or 0) == (
        case.status,
        case.accepted_at,
        case.closed_at,
    )
    held = case.accepted_at and case.status not in {Status.REJECTED, Status.VOIDED}
    assert (row.due_at or 0) == (case.due_at if held else 0)
    blown = connection.execute(
        select(whistles)
        .where(whistles.c.matter == case.matter)
        .order_by(whistles.c.whistle)
    ).all()
    assert len(blown) == case.whistles
    if case.whistle is not None:
        last, told = blown[-1], case.whistle
        assert (last.whistle, last.from_office, last.to_office, last.by) == (
            told.step,
            told.from_office,
            told.to_office,
            told.by,
        )
        assert (last.heeded_at, last.apt, last.rating, last.lapsed_at) == (
            told.heeded_at,
            told.apt,
            told.rating,
            told.lapsed_at,
        )


@pytest.mark.parametrize("seed", range(4))
def test_on_any_way_through_the_table_journal_case_and_matter_agree(town, seed):
    random, moves = Random(seed), set()
    (kept,) = put(town)
    case, now = kept.case, NOW
    for _ in range(60):
        open_to = {}
        for actor in PEOPLE:
            for move in engine.possible(MATTER, case, actor, now=NOW):
                open_to.setdefault(move, []).append(actor)
        move = random.choice(sorted(open_to))
        now += random.randrange(-3_600, 40_000)
        order = order_for(case, move, apt=random.random() < 0.5)
        case = do(town, case.matter, random.choice(open_to[move]), order, now=now)
        moves.add(move)
        with town.read() as connection:
            check_agreement(connection, case)
    assert len(moves) > 10


def test_a_case_kept_as_a_row_is_the_same_case(town):
    (kept,) = put(town)
    do(town, kept.case.matter, CLERK, Order(Act.ACCEPT))
    case = do(town, kept.case.matter, CLERK, Order(Act.WHISTLE, office=3, reason=HOSTILE))
    row = caserows.row_of(case, number="n", receipt="r", category=4)
    assert set(row) | {"digest", "address", "contact"} == {
        column.name for column in cases_table.columns
    }
    assert caserows.case_of(row) == case


def test_hostile_words_are_kept_as_they_are(town):
    (kept,) = put(town, new(text=HOSTILE))
    do(town, kept.case.matter, CLERK, Order(Act.REJECT, reason=HOSTILE))
    with town.read() as connection:
        assert cases.steps(connection, kept.case.matter)[-1].data["reason"] == HOSTILE
        assert (
            connection.scalar(
                select(matters.c.text).where(matters.c.id == kept.case.matter)
            )
            == HOSTILE
        )


def test_case_numbers_count_on_by_county_and_day(town):
    first = [
        kept.number
        for kept in put(
            town, new("a"), new("b"), new("c", category="C01", grid=LOWER_RIGHT)
        )
    ]
    assert first == [
        "410702-E01-20240521-000001",
        "410702-E01-20240521-000002",
        "410702-C01-20240521-000003",
    ]
    later = [kept.number for kept in put(town, new("d"), new("e", at=NOW + 86_400))]
    assert later == ["410702-E01-20240521-000004", "410702-E01-20240522-000001"]


def test_the_day_of_a_case_number_is_the_city_s_not_greenwich_s(town):
    before_midnight, after_midnight = (
        1_716_307_199,
        1_716_307_200,
    )  # 2024-05-21T23:59:59+08:00 and a second later
    numbers = [
        kept.number.split("-")[2]
        for kept in put(town, new("a", at=before_midnight), new("b", at=after_midnight))
    ]
    assert numbers == ["20240521", "20240522"]


def test_a_transaction_that_fails_leaves_no_gap_in_the_numbers(town):
    with pytest.raises(ZeroDivisionError), town.write() as connection:
        newcases.create(connection, [new(), new()])
        _ = 1 / 0
    assert put(town)[0].number.endswith("-000001")


def test_receipts_are_ten_clear_signs_and_never_the_same():
    receipts = {casenumbers.new_receipt() for _ in range(2_000)}
    assert len(receipts) == 2_000
    assert all(len(one) == 10 and set(one) <= set(casenumbers.LETTERS) for one in receipts)
    assert not set("01IO") & set(casenumbers.LETTERS)


def test_a_report_known_already_is_left_as_it_is(town):
    (first,) = put(town, new("same", digest="one"))
    do(town, first.case.matter, CLERK, Order(Act.ACCEPT))
    again, other = put(town, new("same", digest="two"), new("other"))
    assert (again.created, other.created) == (False, True)
    assert (again.case.matter, again.number, again.digest) == (
        first.case.matter,
        first.number,
        "one",
    )
    assert again.case.status is Status.ACCEPTED
    with town.read() as connection:
        assert connection.scalar(select(func.count()).select_from(matters)) == 2


def test_fifty_who_send_the_same_at_once_get_one_matter(town):
    answers, ready = [], threading.Barrier(10)

    def send():
        ready.wait()
        for _ in range(5):
            answers.extend(put(town, new("phone-1")))

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 50
    assert sum(kept.created for kept in answers) == 1
    assert len({(kept.case.matter, kept.number, kept.receipt) for kept in answers}) == 1
    with town.read() as connection:
        assert connection.scalar(select(func.count()).select_from(matters)) == 1
        assert (
            connection.scalar(
                select(func.count()).select_from(events).where(events.c.step == 1)
            )
            == 1
        )


def test_batches_that_meet_do_not_lock_each_other_out(town):
    ready, errors = threading.Barrier(4), []

    def send(number):
        random = Random(number)
        ready.wait()
        try:
            for turn in range(6):
                names = [f"{turn}-{name}" for name in range(20)]
                random.shuffle(names)
                put(
                    town,
                    *(
                        new(name, grid=random.choice([LOWER_LEFT, LOWER_RIGHT]))
                        for name in names
                    ),
                )
        except Exception as error:  # noqa: BLE001  (told to the test)
            errors.append(error)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with town.read() as connection:
        assert connection.scalar(select(func.count()).select_from(cases_table)) == 120
        assert connection.scalar(select(serials.c.last)) == 120


def test_the_second_of_two_who_saw_the_same_is_told_what_changed(town):
    (kept,) = put(town)
    with town.read() as connection:
        seen = cases.load(connection, kept.case.matter, for_update=False)
    do(town, seen.matter, CLERK, Order(Act.ACCEPT))
    step = engine.decide(
        MATTER,
        seen,
        DISPATCHER,
        Order(Act.REJECT, reason="x"),
        now=NOW + 90,
        context=CLOCKS,
    )
    with pytest.raises(StaleError) as stale, town.write() as connection:
        cases.append(connection, seen, step)
    assert [(line.act, line.actor) for line in stale.value.since] == [
        (Act.ACCEPT, CLERK.user)
    ]
    with town.read() as connection:
        assert cases.load(connection, seen.matter).status is Status.ACCEPTED
        assert len(cases.steps(connection, seen.matter)) == 2


def test_what_the_clock_notes_makes_nobody_s_order_stale(town):
    (kept,) = put(town)
    do(town, kept.case.matter, SYSTEM, Order(Act.NEAR_DUE))
    assert attempt(town, kept.case.matter, CLERK.user, seen=1).version == 3
    with pytest.raises(StaleError, match="note"):
        attempt(town, kept.case.matter, CLERK.user, seen=1)


def test_a_version_nobody_has_seen_is_stale(town):
    (kept,) = put(town)
    with pytest.raises(StaleError):
        attempt(town, kept.case.matter, CLERK.user, seen=9)


def test_of_threads_that_move_one_matter_none_loses_a_move(town):
    (kept,) = put(town)
    told, ready = [], threading.Barrier(4)

    def move(person):
        ready.wait()
        told.append(run(town, kept.case.matter, person, 15))

    threads = [threading.Thread(target=move, args=(person,)) for person in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check_all_held(town, kept.case.matter, moves=60)
    assert [moved for moved, _ in told] == [15] * 4


def test_of_two_processes_that_move_one_matter_none_loses_a_move(town, settings):
    (kept,) = put(town)
    command = [
        sys.executable,
        str(Path(__file__).with_name("movers.py")),
        str(settings.home),
        settings.url,
    ]
    others = [
        subprocess.Popen(
            [*command, str(kept.case.matter), str(person), "40"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for person in (1, 2)
    ]
    for other in others:
        assert other.stdout.readline() == "ready\n"
    for other in others:
        other.stdin.write("go\n")
        other.stdin.flush()
    told = [
        [int(number) for number in other.communicate(timeout=120)[0].split()]
        for other in others
    ]
    assert [moved for moved, _ in told] == [40, 40]
    check_all_held(town, kept.case.matter, moves=80)


def check_all_held(store, matter, *, moves):
    with store.read() as connection:
        journal = cases.steps(connection, matter)
        assert [step.number for step in journal] == list(range(1, moves + 2))
        assert len({step.data["reason"] for step in journal[1:]}) == moves
        assert cases.load(connection, matter) == engine.replay(MATTER, matter, journal)


def test_a_line_written_past_the_case_is_found_out(town):
    (kept,) = put(town)
    with town.write() as connection:
        stray = Entry(2, Act.NOTE, NOW, 1, {"reason": "x"})
        connection.execute(
            events.insert().values(caserows.event_row_of(kept.case.matter, stray))
        )
    with pytest.raises(StaleError):
        do(town, kept.case.matter, CLERK, Order(Act.ACCEPT))


@pytest.fixture
def imported(town):
    """A town with one imported matter of each of two states: 1 closed, 5 in hand."""
    import_reports(town, [reports([1, 5])], files=["test"], now=NOW)
    with town.read() as connection:
        return dict(connection.execute(select(matters.c.client_id, matters.c.id)).all())


def test_an_imported_matter_stands_as_its_row_says(town, imported):
    with town.read() as connection:
        closed = cases.load(connection, imported["r00001"])
        in_hand = cases.load(connection, imported["r00005"])
        assert [
            step.data["imported"] for step in cases.steps(connection, closed.matter)
        ] == [True]
    assert (closed.status, closed.version, closed.office) == (Status.CLOSED, 1, 0)
    assert closed.reported_at < closed.accepted_at < closed.closed_at == closed.last_at
    assert (in_hand.status, in_hand.closed_at) == (Status.HANDLING, 0)
    assert in_hand.due_at > in_hand.reported_at


def test_an_imported_matter_becomes_a_case_with_its_first_move(town, imported):
    matter = imported["r00001"]
    again = do(town, matter, DISPATCHER, Order(Act.REOPEN, reason="又坏了"), now=NOW)
    assert (again.version, again.status, again.office) == (2, Status.ACCEPTED, 0)
    do(town, matter, DISPATCHER, Order(Act.DISPATCH, office=5))
    with town.read() as connection:
        check_agreement(connection, cases.load(connection, matter))
        named = cases.named(connection, matter)
        # Its day is that of the report, its receipt new.
        day = connection.scalar(
            select(cases_table.c.reported_at).where(cases_table.c.matter == matter)
        )
        assert named.number.split("-")[2] == f"{casenumbers.from_epoch(day):%Y%m%d}"
        assert len(named.receipt) == 10
        assert (
            connection.scalar(
                select(func.count()).select_from(events).where(events.c.matter == matter)
            )
            == 4
        )


def test_two_who_move_an_imported_matter_first_cannot_both(town, imported):
    matter = imported["r00005"]
    with town.read() as connection:
        seen = cases.load(connection, matter, for_update=False)
    do(town, matter, DISPATCHER, Order(Act.NOTE, reason="一"))
    late = Entry(2, Act.NOTE, NOW, 9, {"reason": "二"})
    with pytest.raises(StaleError) as stale, town.write() as connection:
        cases.append(connection, seen, late)
    assert [step.data["reason"] for step in stale.value.since] == ["一"]


def test_a_matter_that_is_not_there_is_not_found(town):
    for number in (0, -1, 999, 2**70):
        with pytest.raises(NotFoundError), town.read() as connection:
            cases.load(connection, number)


def test_a_matter_links_to_one_that_is_not_linked_itself(town):
    one, two, three = (kept.case.matter for kept in put(town, new("a"), new("b"), new("c")))
    do(town, two, CLERK, Order(Act.LINK, parent=one))
    with town.read() as connection:
        assert cases.may_be_parent(connection, one, of=three)
        assert not cases.may_be_parent(connection, two, of=three)
        assert not cases.may_be_parent(connection, two, of=one)
        assert not cases.may_be_parent(connection, three, of=one)  # something hangs on it
        assert not cases.may_be_parent(connection, three, of=three)
        assert not cases.may_be_parent(connection, 999, of=three)


def test_the_columns_follow_reports_and_moves(town):
    (kept,) = put(town)
    columns.refresh(town)
    seen = lambda: {  # noqa: E731
        row["id"]: row
        for part in columns.manifest(town).parts
        for row in columns.read_part(columns.folder(town), part).to_pylist()
    }
    assert seen()[kept.case.matter]["status"] == Status.REPORTED
    assert seen()[kept.case.matter]["due_at"] == 0
    case = do(town, kept.case.matter, CLERK, Order(Act.ACCEPT))
    columns.refresh(town)
    row = seen()[kept.case.matter]
    assert (row["status"], row["accepted_at"], row["due_at"]) == (
        Status.ACCEPTED,
        case.accepted_at,
        case.due_at,
    )
    void = do(town, kept.case.matter, DISPATCHER, Order(Act.VOID, reason="误报"))
    columns.refresh(town)
    assert (seen()[kept.case.matter]["status"], seen()[kept.case.matter]["due_at"]) == (
        void.status,
        0,
    )


def test_the_state_column_says_only_what_there_is_to_say(town):
    (kept,) = put(town)
    with town.read() as connection:
        state = json.loads(connection.scalar(select(cases_table.c.state)))
    assert state == {"category": "E01", "last_at": NOW}
    assert engine.apply(MATTER, kept.case, Entry(2, Act.NOTE, NOW, 1, {})).last_at == NOW


def test_a_store_opened_anew_tells_the_same(settings, town):
    (kept,) = put(town)
    case = do(town, kept.case.matter, CLERK, Order(Act.ACCEPT))
    with open_store(settings) as other, other.read() as connection:
        assert cases.load(connection, case.matter) == case
