"""After a refusal, whichever rule it is, a draft is what it was: its grids, its steps, what
undo and redo lead to, its locks.
"""

import numpy as np
import pytest
import shapely
import town
from sqlalchemy import select
from town import BUSY, STEP, WEST, code

from gridmap import planning
from gridmap.cases.actors import Actor
from gridmap.city import City
from gridmap.city.plans.edits import Edit
from gridmap.model import UserRole
from gridmap.planning import RULES, EditRefusal
from gridmap.planning.refusal import refuse
from gridmap.store.tables import draft_locks, draft_steps, drafts

PLANNER = Actor(1, UserRole.PLANNER, "甲", areas=(4107,))
SECOND, ABOVE, FOREIGN, TOP = code(0, 1), code(1, 0), code(0, 2), code(3, 0)


def point(x, y):
    """A place in cells from the south-western corner."""
    return WEST + x * STEP, town.SOUTH + y * STEP


def line(*places):
    return shapely.LineString([point(*place) for place in places])


def area(*places):
    return shapely.Polygon([point(*place) for place in places])


def at(west, south, east, north):
    return area((west, south), (east, south), (east, north), (west, north))


CUT = line((0.5, -0.1), (0.5, 1.1))
BOWTIE = area((0.5, 0.5), (1.5, 0.5), (0.5, 0.7), (1.5, 0.7))
MANY = shapely.LineString(np.linspace(point(0.5, -0.1), point(0.5, 1.1), 100_000))
DISC = shapely.Point(point(1, 0.5)).buffer(0.003, quad_segs=30_000)
DRAWN = (
    ("unknown_grid", Edit("split", (BUSY + 500,), CUT)),
    ("too_few_grids", Edit("merge", (BUSY,))),
    ("too_few_grids", Edit("reshape", (BUSY, BUSY), CUT)),
    ("not_finite", Edit("split", (BUSY,), shapely.LineString([(500, 35), (114, 36)]))),
    ("too_few_points", Edit("split", (BUSY,), line((0.5, 0.5), (0.5, 0.5)))),
    ("too_few_points", Edit("reshape", (BUSY, SECOND), line((1, 0.5), (1, 0.5)))),
    ("too_many_points", Edit("split", (BUSY,), MANY)),
    ("too_many_points", Edit("reshape", (BUSY, SECOND), MANY)),
    ("too_many_points", Edit("carve", (), DISC, name="市场")),
    ("too_many_points", Edit("transfer", (BUSY, SECOND), DISC)),
    ("not_a_line", Edit("reshape", (BUSY, SECOND), BOWTIE)),
    ("not_an_area", Edit("carve", (), CUT, name="市场")),
    (
        "self_crossing",
        Edit("split", (BUSY,), line((0.2, -0.1), (0.8, 0.5), (0.2, 0.5), (0.8, -0.1))),
    ),
    (
        "self_crossing",
        Edit("reshape", (BUSY, SECOND), line((1.2, 0), (0.8, 0.5), (1.2, 0.5), (0.8, 0))),
    ),
    ("self_crossing", Edit("transfer", (BUSY, SECOND), BOWTIE)),
    ("self_crossing", Edit("carve", (), BOWTIE, name="市场")),
    ("misses", Edit("split", (BUSY,), line((5, 5), (6, 6)))),
    ("misses", Edit("reshape", (BUSY, SECOND), line((5, 5), (6, 6)))),
    (
        "outside",
        Edit("reshape", (BUSY, SECOND), line((0.8, 0), (0.8, -0.5), (1.2, -0.5), (1.2, 0))),
    ),
    ("outside", Edit("carve", (), at(-0.5, 0.2, 0.5, 0.6), name="市场")),
    ("along_border", Edit("split", (BUSY,), line((0, 0), (1, 0)))),
    ("ends_inside", Edit("split", (BUSY,), line((0.5, -0.1), (0.5, 0.5)))),
    ("divides_nothing", Edit("reshape", (BUSY, SECOND), line((1.2, -0.1), (1.2, 0.5)))),
    ("swallowed", Edit("transfer", (BUSY, SECOND), at(-0.1, -0.1, 1.5, 1.5))),
    ("swallowed", Edit("carve", (), at(0, 0, 1, 1), name="市场")),
    ("not_adjacent", Edit("transfer", (BUSY, SECOND), at(0.2, 0.2, 0.4, 0.4))),
    ("several_parts", Edit("carve", (), at(0.4, 0, 0.6, 1), name="市场")),
    ("crosses_village", Edit("merge", (SECOND, FOREIGN))),
    ("crosses_village", Edit("transfer", (BUSY, ABOVE), at(0.2, 0.6, 0.8, 1.2))),
    ("crosses_village", Edit("carve", (), at(1.5, 0.2, 2.5, 0.6), name="市场")),
    ("too_narrow", Edit("split", (BUSY,), line((0.006, -0.1), (0.006, 1.1)))),
    ("too_narrow", Edit("carve", (), at(0.2, 0.2, 0.8, 0.201), name="市场")),
    ("too_small", Edit("carve", (), at(0.4, 0.4, 0.422, 0.418), name="市场")),
    ("not_a_kind", Edit("describe", (BUSY,), kind="market")),
    ("not_a_name", Edit("carve", (), at(0.2, 0.2, 0.5, 0.5), name="")),
    ("not_households", Edit("describe", (BUSY,), households=-1)),
    ("not_parts", Edit("split_even", (BUSY,), parts=21)),
    ("nothing_changes", Edit("describe", (BUSY,), name="第一网格")),
)
"""What a planner can do on the squares of the town, and the rule that forbids it."""
FORCED = ("locked", "not_exact", "no_free_code", "no_even_split")
"""Rules that no edit of these squares breaks; `tests/planning/test_refusals.py` has edits
that do.
"""


@pytest.fixture
def city(own_settings):
    opened = City.open(own_settings)
    yield opened
    opened.close()


@pytest.fixture
def draft(city):
    """A draft that stands on its second step, with a third to redo and one on another branch."""
    draft = city.drafts.make(PLANNER, "新村")
    draft = city.redrawing.edit(PLANNER, draft, Edit("describe", (TOP,), name="甲")).draft
    draft = city.redrawing.undo(PLANNER, draft)
    draft = city.redrawing.edit(PLANNER, draft, Edit("describe", (TOP,), name="乙")).draft
    draft = city.redrawing.edit(
        PLANNER, draft, Edit("split", (FOREIGN,), line((2.5, -0.1), (2.5, 1.1)))
    ).draft
    return city.redrawing.undo(PLANNER, draft)


def all_of(city, draft):
    """Everything there is to a draft."""
    with city._desk.store.read() as connection:
        rows = [
            connection.execute(select(table)).all()
            for table in (drafts, draft_steps, draft_locks)
        ]
    frame = city.drawings.plan(draft).frame
    return (
        rows,
        frame.drop(columns="geometry").to_numpy().tolist(),
        shapely.to_wkb(frame.geometry.array).tolist(),
    )


def test_a_refusal_by_whichever_rule_leaves_the_draft_untouched(city, draft, monkeypatch):
    before, seen = all_of(city, draft), set()

    def refused(rule, act):
        with pytest.raises(EditRefusal) as caught:
            act()
        assert caught.value.rule == rule
        assert city.drafts.get(draft.id) == draft and all_of(city, draft) == before, rule
        seen.add(rule)
        return caught.value

    for rule, edit in DRAWN:
        error = refused(rule, lambda edit=edit: city.redrawing.edit(PLANNER, draft, edit))
        assert error.grids and (error.place is None) == (rule == "unknown_grid"), edit
        with pytest.raises(EditRefusal):
            city.redrawing.preview(PLANNER, draft, edit)
    refused("changed_meanwhile", lambda: city.redrawing.take_up(PLANNER, draft, 1))
    for rule in FORCED:

        def forced(*_args, rule=rule, **_more):
            raise refuse(rule, BUSY)

        monkeypatch.setattr(planning, "split", forced)
        refused(
            rule, lambda: city.redrawing.edit(PLANNER, draft, Edit("split", (BUSY,), CUT))
        )
    assert seen == set(RULES)
    after = city.redrawing.redo(PLANNER, draft)
    assert after.head == 3 and FOREIGN not in city.drawings.plan(after).codes
    assert city.redrawing.undo(PLANNER, city.redrawing.undo(PLANNER, after)).head == 0
