"""The life of a matter: what may be done, what comes of it, and that its journal tells all
of it.
"""

from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from flow import (
    ACTORS,
    CATEGORY,
    CHIEF,
    CLERK,
    CLERK_AS_DISPATCHER,
    CLOCKS,
    COMMANDER,
    COUNTY_CLERK,
    DISPATCHER,
    FAR_HANDLER,
    HANDLER,
    HANDLER_AS_VERIFIER,
    LEADER,
    NOW,
    OTHER_HANDLER,
    RESIDENT,
    STRANGER,
    TOWN_CLERK,
    VERIFIER,
    VERIFIER_AS_HANDLER,
    WORKER,
    after,
    apply,
    begin,
    decide,
    fitting,
    play,
    possible,
    replay,
    reported,
    taken,
    turns,
)
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gridmap.cases.actors import NOBODY, SYSTEM
from gridmap.cases.matters import conditions
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.conditions import NOT_LATER
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records.kinds import NEEDED
from gridmap.cases.records.record import Entry, Order
from gridmap.errors import RefusedError
from gridmap.model import OPEN_STATUSES, Status

S = Status
HEED_FIRST = conditions.HEED_FIRST.words
YOU_ASKED = conditions.YOU_ASKED.words
YOU_HANDLED = conditions.YOU_HANDLED.words
NOT_YOURS, NOT_FROM_HERE = MATTER.not_yours, MATTER.not_from_here


def played(sequence):
    """Journals, cases and refusals of a sequence of turns, legal and illegal."""
    journal, case = reported()
    now, refused = NOW, []
    for turn in sequence:
        now += turn[2]
        actor, wanted = taken(case, turn, at=now)
        try:
            step = decide(case, actor, wanted, now=now, clocks=CLOCKS)
        except RefusedError as error:
            refused.append((case, actor, wanted, error, now))
            continue
        before, case = case, apply(case, step)
        journal.append(step)
        yield journal, before, case, actor, wanted, now, refused
    yield journal, case, case, None, None, now, refused


def end(sequence):
    *_, last = played(sequence)
    return last


sequences = st.lists(turns, max_size=40)


def test_the_sequences_reach_every_state_and_every_move():
    random, states, moves = Random(4107), set(), set()
    for _ in range(40):
        turn = (WORKER, Order(Act.NOTE), 600, "legal")
        for step in end([(*turn, random.randrange(10**6)) for _ in range(60)])[0]:
            moves.add(step.act)
            states.add(step.data.get("status"))
    assert moves == {Act.REPORT, *MATTER.table}
    assert states >= {int(status) for status in Status}


@given(sequences)
def test_replaying_the_journal_gives_the_case_and_time_never_runs_backwards(sequence):
    journal, _, case, *_ = end(sequence)
    assert replay(7, journal) == case
    assert [step.number for step in journal] == list(range(1, len(journal) + 1))
    assert all(one.at <= next_one.at for one, next_one in pairwise(journal))
    assert case.last_at == journal[-1].at
    assert case.since <= case.last_at


@given(sequences)
def test_every_step_leads_where_the_table_says(sequence):
    for _, before, case, actor, order, *_ in played(sequence):
        if order is None:
            continue
        rule = MATTER.table[order.act]
        assert before.status in rule.of
        assert actor.role in rule.by
        expected = (
            before.parked_from if order.act is Act.RESUME else rule.after(before.status)
        )
        assert case.status is expected
        assert case.is_open == (case.status in OPEN_STATUSES)
        assert bool(case.extension_by) == bool(case.extension_until)
        assert not (case.whistle_open and not case.is_open)


@given(sequences)
def test_every_refusal_names_a_reason_and_moves_that_are_possible(sequence):
    for case, actor, order, error, now in end(sequence)[-1]:
        assert str(error)
        assert error.status in {403, 409}
        assert error.possible == possible(case, actor)
        assert order.act not in error.possible or error.status == 409
        for move in error.possible:
            decide(case, actor, fitting(case, move, at=now), now=now, clocks=CLOCKS)


@given(sequences)
@hypothesis_settings(max_examples=40)
def test_what_is_possible_can_be_done_and_nothing_else_can(sequence):
    *_, case, _, _, now, _ = end(sequence)
    for actor in ACTORS:
        open_to = possible(case, actor)
        for move in MATTER.table:
            order = fitting(case, move, at=now)
            if move in open_to:
                apply(case, decide(case, actor, order, now=now, clocks=CLOCKS))
            else:
                with pytest.raises(RefusedError):
                    decide(case, actor, order, now=now, clocks=CLOCKS)


@given(sequences)
def test_who_handled_never_verifies_and_who_asked_never_decides(sequence):
    handled, asked = set(), set()
    for _, before, case, actor, order, *_ in played(sequence):
        if order is None:
            continue
        if order.act in {Act.CLOSE, Act.REWORK}:
            assert handled.isdisjoint(actor.persons)
        if order.act in {Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION}:
            assert asked.isdisjoint(actor.persons)
        if order.act in {Act.HANDLE, Act.ANSWER}:
            handled |= actor.persons | {case.person} - {0}
        if order.act is Act.ASK_EXTENSION:
            asked = set(actor.persons)
        assert handled <= set(case.handled_by)
        assert before.version + 1 == case.version


@given(sequences, st.sampled_from(list(MATTER.table)))
def test_an_order_changes_nothing_its_move_does_not_speak_of(sequence, move):
    *_, case, _, _, now, _ = end(sequence)
    for actor in ACTORS:
        if move not in possible(case, actor):
            continue
        order = fitting(case, move, at=now)
        carries = {field.name for field in MATTER.speaks_of(MATTER.table[move])}
        more = {
            "office": 6,
            "person": 77,
            "until": now + 10**7,
            "rating": 1,
            "apt": False,
            "parent": 55,
        }
        stray = {name: value for name, value in more.items() if name not in carries}
        plainly, oddly = (
            decide(case, actor, one, now=now, clocks=CLOCKS)
            for one in (order, order.but(**stray))
        )
        assert plainly == oddly


@given(sequences)
@hypothesis_settings(max_examples=30)
def test_limits_run_where_somebody_has_to_move_and_stand_still_elsewhere(sequence):
    _, _, case, *_ = end(sequence)
    if case.status in {S.REPORTED, S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.ANSWERED}:
        assert case.step_due_at > 0
        assert case.due_at > 0
    else:
        assert case.step_due_at == 0
    if case.status in {S.PARKED, S.REJECTED, S.VOIDED}:
        assert case.due_at == 0


def handling():
    """A case in the hands of a department's handler, dispatched by the village."""
    return play(
        reported()[1],
        (CLERK, Act.ACCEPT),
        (CLERK, Order(Act.DISPATCH, office=5)),
        (HANDLER, Act.HANDLE),
    )


def answered():
    return play(handling(), (HANDLER, Order(Act.ANSWER, reason="修好了")), at=NOW + 600)


def refusal(case, actor, order, *, now=NOW + 86_400):
    with pytest.raises(RefusedError) as refused:
        decide(
            case,
            actor,
            order if isinstance(order, Order) else Order(order),
            now=now,
            clocks=CLOCKS,
        )
    return refused.value


def test_the_main_line_is_walked_by_the_people_of_the_field():
    case = play(
        answered(),
        (VERIFIER, Act.CLOSE),
        (RESIDENT, Order(Act.EVALUATE, rating=5)),
        at=NOW + 1200,
    )
    assert (case.status, case.rating, case.version) == (S.CLOSED, 5, 7)
    assert (
        0
        < case.reported_at
        < case.accepted_at
        < case.dispatched_at
        < case.handled_at
        < case.answered_at
    )
    assert case.answered_at < case.closed_at
    assert refusal(case, RESIDENT, Order(Act.EVALUATE, rating=1)).why != NOT_YOURS


def test_who_handled_may_not_verify_even_standing_in_for_somebody_who_may():
    case = answered()
    assert refusal(case, HANDLER_AS_VERIFIER, Act.CLOSE).why == YOU_HANDLED
    assert Act.CLOSE not in possible(case, HANDLER_AS_VERIFIER)
    assert Act.CLOSE in possible(case, VERIFIER)


def test_what_was_handled_in_somebodys_name_neither_of_the_two_may_verify():
    begun = play(reported()[1], (CLERK, Act.ACCEPT), (CLERK, Order(Act.DISPATCH, office=5)))
    done = play(
        begun,
        (VERIFIER_AS_HANDLER, Act.HANDLE),
        (OTHER_HANDLER, Order(Act.ANSWER, reason="好")),
    )
    assert set(done.handled_by) == {HANDLER.user, VERIFIER.user, OTHER_HANDLER.user}
    assert refusal(done, VERIFIER, Act.CLOSE).why == YOU_HANDLED
    assert Act.CLOSE in possible(done, DISPATCHER)


def test_who_was_in_charge_while_another_answered_may_not_verify():
    case = play(
        reported()[1], (CLERK, Act.ACCEPT), (CLERK, Order(Act.HANDLE, person=WORKER.user))
    )
    done = play(case, (CLERK, Order(Act.ANSWER, reason="清了")))
    assert refusal(done, WORKER, Act.CLOSE).why == YOU_HANDLED


def test_a_desk_that_takes_a_matter_in_hand_itself_has_dispatched_it():
    case = play(reported()[1], (CLERK, Act.ACCEPT), (CLERK, Act.HANDLE))
    assert case.dispatched_at == case.handled_at > 0
    assert case.step_due_at == case.due_at


def test_the_dispatchers_queue_is_taken_from_by_desks_of_the_place_alone():
    case = reported(office=0)[1]
    assert Act.ACCEPT in possible(case, DISPATCHER)
    for actor in (HANDLER, WORKER, STRANGER, NOBODY, LEADER):
        assert refusal(case, actor, Act.ACCEPT).why == NOT_YOURS
    assert play(case, (COUNTY_CLERK, Act.ACCEPT)).office == COUNTY_CLERK.office


def test_a_whistle_goes_up_and_its_answer_has_a_limit_of_its_own():
    case = play(
        reported()[1],
        (CLERK, Act.ACCEPT),
        (CLERK, Order(Act.WHISTLE, office=3, reason="够不着")),
    )
    assert (case.office, case.person, case.whistle_open) == (3, 0, True)
    assert (
        case.step_due_at
        == CLOCKS.step("heed", CATEGORY, case.last_at)
        == case.whistle.due_at
    )
    assert refusal(case, TOWN_CLERK, Order(Act.DISPATCH, office=5)).why == HEED_FIRST
    heeded = play(case, (TOWN_CLERK, Order(Act.HEED, apt=True)), at=NOW + 600)
    assert (heeded.whistle.apt, heeded.whistle_open, heeded.office) == (True, False, 3)
    assert heeded.step_due_at == CLOCKS.step("dispatch", CATEGORY, heeded.last_at)
    rated = play(heeded, (CLERK, Order(Act.RATE_WHISTLE, rating=4)), at=NOW + 900)
    assert (rated.whistle.rating, rated.rating) == (4, 0)
    assert Act.RATE_WHISTLE not in possible(rated, CLERK)


def test_a_whistle_that_was_not_apt_goes_back_to_who_blew_it():
    case = play(
        reported()[1],
        (CLERK, Act.ACCEPT),
        (CLERK, Order(Act.WHISTLE, office=3, reason="够不着")),
    )
    back = play(case, (CHIEF, Order(Act.HEED, apt=False, reason="村里能办")), at=NOW + 600)
    assert (back.office, back.status, back.whistle.apt, back.whistle_open) == (
        4,
        S.ACCEPTED,
        False,
        False,
    )
    assert Act.HANDLE in possible(back, CLERK)


def test_a_whistle_before_acceptance_leaves_the_matter_to_be_accepted_above():
    case = play(reported()[1], (CLERK, Order(Act.WHISTLE, office=3, reason="不归村里管")))
    assert (case.status, case.office, case.accepted_at) == (S.REPORTED, 3, 0)
    assert refusal(case, TOWN_CLERK, Act.ACCEPT).why == HEED_FIRST
    accepted = play(
        case,
        (TOWN_CLERK, Order(Act.HEED, apt=True)),
        (TOWN_CLERK, Act.ACCEPT),
        at=NOW + 600,
    )
    assert (accepted.status, accepted.office) == (S.ACCEPTED, 3)
    back = play(case, (TOWN_CLERK, Order(Act.HEED, apt=False)), at=NOW + 600)
    assert (back.status, back.office) == (S.REPORTED, 4)


def test_a_whistle_nobody_answered_lapses_with_the_matter():
    case = play(
        reported()[1],
        (CLERK, Act.ACCEPT),
        (CLERK, Order(Act.WHISTLE, office=3, reason="够不着")),
    )
    void = play(case, (DISPATCHER, Order(Act.VOID, reason="误报")), at=NOW + 600)
    assert (void.whistle_open, void.whistle.heeded_at, void.whistle.lapsed_at) == (
        False,
        0,
        void.last_at,
    )
    again = play(void, (DISPATCHER, Order(Act.REOPEN, reason="不是误报")), at=NOW + 900)
    assert Act.HEED not in possible(again, TOWN_CLERK)
    assert Act.DISPATCH in possible(again, DISPATCHER)


def test_a_grid_worker_whistles_for_what_they_hold_and_nothing_else():
    held = play(reported()[1], (CLERK, Act.ACCEPT))
    assert Act.WHISTLE in possible(held, WORKER)
    assert Act.WHISTLE not in possible(handling(), WORKER)


def test_the_limit_stands_still_while_parked():
    case = handling()
    at = NOW + 3_600
    left = CLOCKS.left(CATEGORY, at, case.due_at)
    parked = apply(
        case,
        decide(case, DISPATCHER, Order(Act.PARK, reason="等材料"), now=at, clocks=CLOCKS),
    )
    assert (parked.due_at, parked.step_due_at, (parked.due_left, parked.left_unit)) == (
        0,
        0,
        left,
    )
    later = at + 30 * 86_400
    resumed = apply(
        parked, decide(parked, CHIEF, Order(Act.RESUME), now=later, clocks=CLOCKS)
    )
    assert resumed.status is S.HANDLING
    assert CLOCKS.left(CATEGORY, later, resumed.due_at) == pytest.approx(
        left[0:1] + left[1:]
    )
    assert resumed.due_at == CLOCKS.run(*left, later)
    assert (resumed.parked_at, resumed.parked_from, resumed.left_unit) == (0, None, "")


def parked_and_resumed(case, *, step):
    """`case` parked ten minutes on, its step's limit stopped, and taken up again after a month."""
    at, later = NOW + 600, NOW + 30 * 86_400
    left = CLOCKS.step_left(step, CATEGORY, at, case.step_due_at)
    parked = apply(
        case,
        decide(case, DISPATCHER, Order(Act.PARK, reason="等材料"), now=at, clocks=CLOCKS),
    )
    assert (parked.step_due_at, (parked.step_left, parked.step_unit)) == (0, left)
    again = apply(
        parked, decide(parked, DISPATCHER, Order(Act.RESUME), now=later, clocks=CLOCKS)
    )
    assert again.step_due_at == CLOCKS.run(*left, later)
    assert again.step_due_at < CLOCKS.step(step, CATEGORY, later)
    assert (again.step_left, again.step_unit) == (0.0, "")
    return parked, again


def test_the_limit_of_a_step_goes_on_after_parking_with_what_was_left():
    parked, again = parked_and_resumed(
        play(reported()[1], (CLERK, Act.ACCEPT)), step="dispatch"
    )
    assert (parked.dispatch_due_at, again.dispatch_due_at) == (0, again.step_due_at)


def test_a_whistle_parked_and_taken_up_again_still_waits_for_its_answer():
    case = play(
        reported()[1],
        (CLERK, Act.ACCEPT),
        (CLERK, Order(Act.WHISTLE, office=3, reason="够不着")),
    )
    _, again = parked_and_resumed(case, step="heed")
    assert again.whistle_open
    assert again.whistle.due_at == again.step_due_at


def test_a_matter_closed_once_more_may_be_rated_once_more():
    rated = play(
        answered(),
        (VERIFIER, Act.CLOSE),
        (RESIDENT, Order(Act.EVALUATE, rating=1)),
        at=NOW + 1200,
    )
    again = play(
        rated,
        (RESIDENT, Order(Act.REOPEN, reason="又坏了")),
        (CLERK, Act.HANDLE),
        at=NOW + 9_000,
    )
    closed = play(
        again,
        (CLERK, Order(Act.ANSWER, reason="好了")),
        (VERIFIER, Act.CLOSE),
        at=NOW + 12_000,
    )
    assert Act.EVALUATE in possible(closed, RESIDENT)


def test_who_was_in_charge_for_a_while_may_not_verify():
    case = play(
        reported()[1],
        (CLERK, Act.ACCEPT),
        (CLERK, Act.HANDLE),
        (CLERK, Order(Act.ASSIGN, person=WORKER.user)),
    )
    done = play(
        case,
        (CLERK, Order(Act.ASSIGN, person=CLERK.user)),
        (CLERK, Order(Act.ANSWER, reason="清了")),
    )
    assert refusal(done, WORKER, Act.CLOSE).why == YOU_HANDLED


def test_an_extension_is_asked_by_one_and_granted_by_another():
    case = handling()
    asked = play(
        case,
        (HANDLER, Order(Act.ASK_EXTENSION, until=case.due_at + 86_400, reason="缺件")),
        at=NOW + 600,
    )
    assert (asked.extension_by, asked.due_at) == (HANDLER.user, case.due_at)
    granted = play(asked, (DISPATCHER, Act.GRANT_EXTENSION), at=NOW + 900)
    assert granted.due_at == granted.step_due_at == case.due_at + 86_400
    assert granted.extension_by == 0
    too_early = refusal(
        case,
        HANDLER,
        Order(Act.ASK_EXTENSION, until=case.due_at, reason="缺件"),
        now=NOW + 600,
    )
    assert too_early.why == NOT_LATER


def test_nobody_decides_on_what_was_asked_in_their_own_name():
    clerk_for_dispatcher = CLERK_AS_DISPATCHER
    case = handling()
    step = Entry(
        case.version + 1,
        Act.ASK_EXTENSION,
        NOW + 600,
        clerk_for_dispatcher.user,
        {
            "until": case.due_at + 86_400,
            "reason": "缺件",
            "instead_of": clerk_for_dispatcher.instead_of,
        },
    )
    asked = apply(case, step)
    assert refusal(asked, DISPATCHER, Act.GRANT_EXTENSION).why == YOU_ASKED
    assert refusal(asked, clerk_for_dispatcher, Act.GRANT_EXTENSION).why == YOU_ASKED
    assert Act.GRANT_EXTENSION in possible(asked, CHIEF)


def test_an_extension_that_lost_its_object_is_forgotten():
    case = handling()
    asked = play(
        case,
        (HANDLER, Order(Act.ASK_EXTENSION, until=case.due_at + 86_400, reason="缺件")),
        at=NOW + 600,
    )
    for actor, order in (
        (HANDLER, Order(Act.ANSWER, reason="还是修好了")),
        (HANDLER, Order(Act.TRANSFER, office=6, reason="归水务")),
        (DISPATCHER, Order(Act.PARK, reason="冬天")),
    ):
        assert play(asked, (actor, order), at=NOW + 900).extension_by == 0
    overtaken = replace(asked, due_at=asked.extension_until)
    assert refusal(overtaken, DISPATCHER, Act.GRANT_EXTENSION).why == NOT_LATER
    assert Act.REFUSE_EXTENSION in possible(overtaken, DISPATCHER)


def test_granting_an_extension_does_not_start_the_present_step_anew():
    case = play(reported()[1], (CLERK, Act.ACCEPT))
    asked = play(
        case,
        (CLERK, Order(Act.ASK_EXTENSION, until=case.due_at + 86_400, reason="缺件")),
        at=NOW + 600,
    )
    granted = play(asked, (DISPATCHER, Act.GRANT_EXTENSION), at=NOW + 900)
    assert granted.step_due_at == case.step_due_at


def test_a_matter_sent_back_for_rework_is_in_hand_again_and_its_old_answer_is_gone():
    case = play(answered(), (VERIFIER, Order(Act.REWORK, reason="没修好")), at=NOW + 1_800)
    assert (case.status, case.office, case.person, case.reworks, case.answered_at) == (
        S.HANDLING,
        5,
        HANDLER.user,
        1,
        0,
    )


def test_a_return_goes_to_who_dispatched_it():
    case = play(handling(), (HANDLER, Order(Act.RETURN, reason="不归我们")), at=NOW + 600)
    assert (case.status, case.office, case.person) == (S.ACCEPTED, 4, 0)


def test_a_closed_matter_reopened_goes_to_who_dispatched_it_with_a_new_limit():
    closed = play(answered(), (VERIFIER, Act.CLOSE), at=NOW + 1_800)
    again = play(closed, (RESIDENT, Order(Act.REOPEN, reason="又坏了")), at=NOW + 86_400)
    assert (again.status, again.office, again.person, again.closed_at, again.reopened) == (
        S.ACCEPTED,
        4,
        0,
        0,
        1,
    )
    assert again.due_at == CLOCKS.whole(CATEGORY, again.last_at)
    assert again.accepted_at == closed.accepted_at
    assert (
        refusal(
            play(
                again,
                (CLERK, Act.HANDLE),
                (CLERK, Order(Act.ANSWER, reason="好")),
                at=NOW + 90_000,
            ),
            HANDLER_AS_VERIFIER,
            Act.CLOSE,
        ).why
        == YOU_HANDLED
    )


def test_a_matter_not_accepted_is_judged_again_elsewhere_when_it_is_reopened():
    refused = play(reported()[1], (CLERK, Order(Act.REJECT, reason="不属实")))
    assert (refused.due_at, refused.step_due_at) == (0, 0)
    again = play(refused, (RESIDENT, Order(Act.REOPEN, reason="属实")), at=NOW + 3_600)
    assert (again.status, again.office, again.accepted_at) == (S.REPORTED, 0, 0)
    assert Act.ACCEPT in possible(again, DISPATCHER)


def test_a_voided_matter_is_reopened_by_the_desks_and_not_by_its_reporter():
    void = play(handling(), (DISPATCHER, Order(Act.VOID, reason="重复")), at=NOW + 600)
    assert (
        refusal(void, RESIDENT, Order(Act.REOPEN, reason="没有重复")).why == NOT_FROM_HERE
    )
    assert Act.REOPEN in possible(void, COMMANDER)


def test_a_reason_is_kept_as_it_was_written_and_blank_ones_do_not_count():
    words = "  ${document.title} `x` <script> C:\\2019 \u202e\u05d0 "
    step = decide(
        handling(), HANDLER, Order(Act.RETURN, reason=words), now=NOW + 600, clocks=CLOCKS
    )
    assert step.data["reason"] == words
    blank = refusal(handling(), HANDLER, Order(Act.RETURN, reason=" \n"))
    assert (blank.why, blank.values) == (NEEDED, {"fields": "reason"})


def test_another_department_does_not_reach_the_matter():
    case = handling()
    assert refusal(case, FAR_HANDLER, Order(Act.ANSWER, reason="好")).status == 403
    assert possible(case, FAR_HANDLER) == ()


def test_the_clock_alone_makes_the_moves_of_the_clock():
    case = handling()
    assert play(case, (SYSTEM, Act.NEAR_DUE), (SYSTEM, Act.OVERDUE)).status is case.status
    for actor in ACTORS:
        if actor is not SYSTEM:
            assert refusal(case, actor, Act.OVERDUE).why == NOT_YOURS
    assert refusal(case, SYSTEM, Act.REPORT).status == 409


def test_a_journal_with_a_hole_or_without_lines_is_not_replayed():
    journal, _ = reported()
    with pytest.raises(ValueError, match="no journal"):
        replay(7, [])
    with pytest.raises(ValueError, match="does not follow"):
        replay(7, [*journal, Entry(3, Act.NOTE, NOW, 1, {"reason": "x"})])


def test_a_report_from_a_phone_without_a_line_is_clocked_from_when_it_came_in():
    step = begin(reporter=WORKER, office=4, at=NOW, reported_at=NOW - 9_000)
    case = after([step])
    assert (case.reported_at, case.since) == (NOW - 9_000, NOW)
    assert case.step_due_at == CLOCKS.step("accept", CATEGORY, NOW)
