"""People around one grid, the clocks they work by, and orders that fit: what the tests of
the flow share.

Offices: 1 the city's desk, 2 the county's, 3 the township's, 4 the village's, 5 and 6
departments of the county.
"""

from dataclasses import replace

from hypothesis import strategies as st

from gridmap.cases.actors import NOBODY, SYSTEM, Actor
from gridmap.cases.deadlines import Deadlines, Limit
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.model import LimitUnit, UserRole

GRID = 410702001001001
VILLAGE, TOWNSHIP, COUNTY, CITY = GRID // 10**3, GRID // 10**6, 410702, 4107
ELSEWHERE = 410703
NOW = 1_716_252_360  # 2024-05-21T08:46+08:00
CATEGORY = "E01"
CLOCKS = Deadlines(categories={CATEGORY: Limit(2, LimitUnit.WORKING_DAYS)})

WORKER = Actor(11, UserRole.GRID_WORKER, office=4, areas=(GRID,))
CLERK = Actor(12, UserRole.CLERK, office=4, areas=(VILLAGE,))
TOWN_CLERK = Actor(13, UserRole.CLERK, office=3, areas=(TOWNSHIP,))
COUNTY_CLERK = Actor(14, UserRole.CLERK, office=2, areas=(COUNTY,))
DISPATCHER = Actor(15, UserRole.DISPATCHER, office=2, areas=(COUNTY,))
HANDLER = Actor(16, UserRole.HANDLER, office=5, areas=(COUNTY,))
OTHER_HANDLER = Actor(17, UserRole.HANDLER, office=5, areas=(COUNTY,))
FAR_HANDLER = Actor(18, UserRole.HANDLER, office=6, areas=(COUNTY,))
VERIFIER = Actor(19, UserRole.VERIFIER, office=2, areas=(COUNTY,))
CHIEF = Actor(20, UserRole.CHIEF, office=3, areas=(TOWNSHIP,))
COMMANDER = Actor(21, UserRole.COMMANDER, office=1, areas=(CITY,))
ADMIN = Actor(22, UserRole.ADMIN, office=1, areas=(CITY,))
RESIDENT = Actor(23, UserRole.PUBLIC, areas=(VILLAGE,))
STRANGER = Actor(24, UserRole.DISPATCHER, office=7, areas=(ELSEWHERE,))
LEADER = Actor(25, UserRole.LEADER, office=1, areas=(CITY,))
HANDLER_AS_VERIFIER = replace(VERIFIER, user=HANDLER.user, instead_of=VERIFIER.user)
CLERK_AS_DISPATCHER = replace(
    DISPATCHER, user=COUNTY_CLERK.user, instead_of=DISPATCHER.user
)
VERIFIER_AS_HANDLER = replace(HANDLER, user=VERIFIER.user, instead_of=HANDLER.user)

ACTORS = (
    WORKER,
    CLERK,
    TOWN_CLERK,
    COUNTY_CLERK,
    DISPATCHER,
    HANDLER,
    OTHER_HANDLER,
    FAR_HANDLER,
    VERIFIER,
    CHIEF,
    COMMANDER,
    ADMIN,
    RESIDENT,
    STRANGER,
    LEADER,
    HANDLER_AS_VERIFIER,
    CLERK_AS_DISPATCHER,
    VERIFIER_AS_HANDLER,
    SYSTEM,
    NOBODY,
)
OFFICES = (1, 2, 3, 4, 5, 6)


def possible(case, actor):
    """What `actor` may do with the case."""
    return engine.possible(MATTER, case, actor, now=case.last_at)


def decide(case, actor, order, *, now, clocks=CLOCKS):
    """The entry that `order` writes."""
    return engine.decide(MATTER, case, actor, order, now=now, context=clocks)


def apply(case, entry):
    """The case after `entry`."""
    return engine.apply(MATTER, case, entry)


def replay(matter, journal):
    """The case its journal tells of."""
    return engine.replay(MATTER, matter, journal)


def begin(*, reporter=RESIDENT, office=4, at=NOW, reported_at=NOW):
    """The first entry of a report."""
    order = Order(
        Act.REPORT, category=CATEGORY, grid=GRID, office=office, reported_at=reported_at
    )
    return engine.begin(MATTER, reporter, order, now=at, context=CLOCKS)


def reported(*, reporter=RESIDENT, office=4, at=NOW, matter=7):
    """A case that was just reported, and its journal."""
    step = begin(reporter=reporter, office=office, at=at, reported_at=at)
    return [step], after([step], matter=matter)


def after(journal, *, matter=7):
    """The case of a journal, by applying one line after the other."""
    return replay(matter, journal)


def play(case, *moves, at=NOW):
    """The case after (actor, order) pairs, a minute apart."""
    for minute, (actor, order) in enumerate(moves, start=1):
        wanted = order if isinstance(order, Order) else Order(order)
        case = apply(case, decide(case, actor, wanted, now=at + 60 * minute, clocks=CLOCKS))
    return case


def fitting(case, move, *, at, apt=True):
    """An order with everything `move` needs."""
    office = next(office for office in OFFICES if office != case.office)
    given = {
        "office": office,
        "person": 99 if case.person != 99 else 98,
        "reason": "因为 `${x}`",
        "until": max(at, case.due_at, case.last_at) + 86_400,
        "rating": 4,
        "apt": apt,
        "parent": case.matter + 1,
    }
    return Order(move, **{name: given[name] for name in MATTER.table[move].needs})


orders = st.builds(
    Order,
    st.sampled_from([*MATTER.table, Act.REPORT]),
    office=st.sampled_from((0, *OFFICES)),
    person=st.sampled_from((0, *(actor.user for actor in ACTORS[:6]))),
    reason=st.sampled_from(("", " ", "理由", "</script>${1}`", "\u202eקרא C:\\2019")),
    until=st.sampled_from((0, NOW - 60, NOW + 3 * 86_400, NOW + 30 * 86_400)),
    rating=st.integers(-1, 6),
    apt=st.sampled_from((None, True, False)),
    parent=st.sampled_from((0, 7, 8)),
    attachments=st.sampled_from(((), (5, 6))),
)
"""Any order, sensible or not."""

turns = st.tuples(
    st.sampled_from(ACTORS),
    orders,
    st.integers(-7_200, 40_000),
    st.sampled_from(("as it is", "fit", "legal", "legal")),
    st.integers(0, 10**6),
)
"""Who, what, how many seconds after the one before (clocks jump back too), whether the
order is made to fit or a legal one is taken instead, and which.
"""


def taken(case, turn, *, at):
    """The actor and the order of a turn."""
    actor, order, _, how, choice = turn
    if how == "legal":
        open_to = {}
        for one in ACTORS:
            for move in possible(case, one):
                open_to.setdefault(move, []).append(one)
        if open_to:
            move = list(open_to)[choice % len(open_to)]
            return open_to[move][choice // 37 % len(open_to[move])], fitting(
                case, move, at=at, apt=bool(choice % 3)
            )
    if how == "fit" and order.act in MATTER.table:
        return actor, fitting(case, order.act, at=at)
    return actor, order
