"""The state machine of mediation: what is allowed, by whom, and that a journal tells how a
dispute stands.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.cases.actors import Actor
from gridmap.cases.disputes import DISPUTE, Act, State, Subject
from gridmap.cases.mediators import Mediator, MediatorKind, propose
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.errors import RefusedError
from gridmap.model import UserRole

NOW, DAY = 1_716_252_360, 86_400
AREA = 410702001001
CLERK = Actor(5, UserRole.CLERK, "张敏", 11, (410702,))
POLICE = Actor(6, UserRole.HANDLER, "李强", 12, (410702,))
STRANGER = Actor(7, UserRole.CLERK, "王芳", 13, (410703,))


def decide(dispute, actor, order, *, now):
    return engine.decide(DISPUTE, dispute, actor, order, now=now)


def possible(dispute, actor):
    return engine.possible(DISPUTE, dispute, actor, now=dispute.last_at)


def begun(**more):
    told = {
        "area": AREA,
        "source": "court",
        "kind": "labour",
        "slip": "委派 1",
        "return_due_at": NOW + 30 * DAY,
        **more,
    }
    return [engine.begin(DISPUTE, POLICE, Order(Act.ENTRUST, **told), now=NOW)]


def play(*orders, actor=CLERK, step=DAY):
    """The dispute after `orders`, a day after each other, and its journal."""
    lines = begun()
    dispute = engine.replay(DISPUTE, 1, lines)
    for order in orders:
        line = decide(dispute, actor, order, now=dispute.last_at + step)
        lines.append(line)
        dispute = engine.apply(DISPUTE, dispute, line)
    return dispute, lines


TAKEN = (Order(Act.ASSIGN, mediator=3), Order(Act.HOLD, words="谈了"))
AGREED = (*TAKEN, Order(Act.AGREE, words="签了", follow_up_at=NOW + 60 * DAY))


def test_mediation_comes_first_then_agreement_or_arbitration_and_court():
    dispute, _ = play(*AGREED)
    assert (dispute.state, dispute.sessions, dispute.mediator) == (State.AGREED, 1, 3)
    failed, _ = play(
        *TAKEN,
        Order(Act.FAIL, words="不成"),
        Order(Act.ARBITRATE, words="仲裁"),
        Order(Act.SUE, words="起诉"),
    )
    assert failed.state is State.COURT
    with pytest.raises(RefusedError) as error:
        play(Order(Act.SUE, words="起诉"))
    assert Act.ASSIGN in error.value.possible


def test_a_relapse_begins_anew_with_the_same_mediator_and_no_agreement():
    dispute, _ = play(
        *AGREED, Order(Act.VISIT, words="未履行"), Order(Act.RELAPSE, words="反复")
    )
    assert (dispute.state, dispute.relapses, dispute.agreed_at, dispute.mediator) == (
        State.ASSIGNED,
        1,
        0,
        3,
    )
    assert dispute.is_open


def test_a_slip_that_goes_back_late_is_taken_flagged_and_its_reason_asked_for():
    dispute, _ = play(*AGREED)
    late = engine.apply(
        DISPUTE, dispute, decide(dispute, CLERK, Order(Act.RETURN), now=NOW + 31 * DAY)
    )
    assert (late.late, late.explained, late.returned_at > 0) == (True, False, True)
    assert Act.EXPLAIN in possible(late, CLERK)
    told = engine.apply(
        DISPUTE,
        late,
        decide(late, CLERK, Order(Act.EXPLAIN, words="鉴定"), now=NOW + 32 * DAY),
    )
    assert told.explained
    assert Act.EXPLAIN not in possible(told, CLERK)
    in_time = engine.apply(
        DISPUTE, dispute, decide(dispute, CLERK, Order(Act.RETURN), now=NOW + 20 * DAY)
    )
    assert not in_time.late


def test_what_is_missing_is_named():
    dispute, _ = play(*TAKEN)
    with pytest.raises(RefusedError, match="follow_up_at, words"):
        decide(dispute, CLERK, Order(Act.AGREE), now=NOW + 5 * DAY)


def test_only_who_answers_for_the_place_and_has_the_role():
    dispute, _ = play()
    assert possible(dispute, STRANGER) == ()
    assert possible(dispute, POLICE) == (Act.WITHDRAW,)
    assert not engine.may_begin(DISPUTE, STRANGER, AREA)
    assert engine.may_begin(DISPUTE, POLICE, AREA)


ORDERS = st.builds(
    Order,
    st.sampled_from(list(Act)),
    mediator=st.integers(0, 3),
    words=st.sampled_from(["", "话"]),
    follow_up_at=st.sampled_from([0, NOW + 999 * DAY]),
)


@given(
    st.lists(
        st.tuples(
            ORDERS, st.sampled_from([CLERK, POLICE, STRANGER]), st.integers(-DAY, 20 * DAY)
        ),
        max_size=40,
    )
)
def test_replaying_the_journal_gives_the_dispute_whatever_was_tried(tries):
    lines = begun()
    dispute = engine.replay(DISPUTE, 1, lines)
    for order, actor, later in tries:
        allowed = order.act in possible(dispute, actor)
        try:
            line = decide(dispute, actor, order, now=dispute.last_at + later)
        except RefusedError:
            continue
        assert allowed
        lines.append(line)
        after = engine.apply(DISPUTE, dispute, line)
        assert after.last_at >= dispute.last_at
        assert after.sessions >= dispute.sessions
        dispute = after
    assert engine.replay(DISPUTE, 1, lines) == dispute
    assert dispute.is_open == (dispute.ended_at == 0)


def mediator(number, area=AREA, *specialities, taken=0, **more):
    return Mediator(
        number,
        "赵",
        MediatorKind.FULL_TIME,
        area,
        specialities or (Subject.FAMILY,),
        4,
        open=taken,
        **more,
    )


def test_a_proposal_goes_by_speciality_then_place_then_load():
    from datetime import date  # noqa: PLC0415

    labour = Subject.LABOUR
    team = [
        mediator(1),
        mediator(2, AREA // 1000, labour),
        mediator(3, AREA, labour, taken=1),
        mediator(4, AREA, labour),
        mediator(5, AREA, labour, taken=4),
        mediator(6, AREA, labour, active_to=date(2024, 5, 20)),
        mediator(7, 410703001001, labour),
        mediator(8, 4107, labour),
    ]
    found = propose(team, area=AREA, kind=labour, day=date(2024, 5, 21))
    assert [one.mediator.id for one in found] == [4, 3, 2, 8, 1]
    assert [one.shared for one in found[:3]] == [AREA, AREA, AREA // 1000]
    busy = [replace(one, open=one.capacity) for one in team]
    assert propose(busy, area=AREA, kind=labour, day=date(2024, 5, 21)) == []
