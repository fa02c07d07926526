"""Drafts of plans on both databases: drawn, undone, shared, overtaken, reviewed, published,
taken back.
"""

from datetime import date, timedelta

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import town
from town import BUSY, STEP, WEST, code

from gridmap.cases.actors import Actor
from gridmap.city import City
from gridmap.city.base.basis import Basis
from gridmap.city.plans.clashes import HeldError, OvertakenError
from gridmap.city.plans.edits import Edit
from gridmap.errors import (
    ConflictError,
    ForbiddenError,
    InputError,
    RefusedError,
    StaleError,
)
from gridmap.model import Level, UserRole
from gridmap.planning import EditRefusal

PLANNER = Actor(1, UserRole.PLANNER, "甲", areas=(4107,))
OTHER = Actor(2, UserRole.PLANNER, "乙", areas=(4107,))
CHIEF = Actor(3, UserRole.CHIEF, "丙", areas=(410702,))
CLERK = Actor(4, UserRole.CLERK, "丁", areas=(410702,))
SECOND = code(0, 1)
TOP = code(3, 0)


def cut(grid=BUSY, *, column=0, row=0, at=0.5):
    """Split a cell by a line from south to north."""
    x = WEST + (column + at) * STEP
    south = town.SOUTH + row * STEP
    return Edit(
        "split",
        (grid,),
        shapely.LineString([(x, south - 0.001), (x, south + STEP + 0.001)]),
    )


@pytest.fixture
def city(own_settings):
    opened = City.open(own_settings)
    yield opened
    opened.close()


@pytest.fixture
def draft(city):
    return city.drafts.make(PLANNER, "新村")


def drawn(city, draft, *edits):
    for edit in edits:
        draft = city.redrawing.edit(PLANNER, draft, edit).draft
    return draft


def approved(city, draft, **options):
    return city.review.approve(OTHER, city.review.submit(PLANNER, draft), **options)


def test_an_edit_is_saved_at_once_and_shown_over_the_base(city, draft):
    after = drawn(city, draft, cut())
    again = city.drafts.get(draft.id)
    assert again == after and again.head == 1 and again.version == draft.version + 1
    shapes = city.drawings.shapes(again)
    assert {BUSY + 2, BUSY + 3} <= set(shapes)
    assert (
        city.drawings.grid_at(again, WEST + 0.25 * STEP, town.SOUTH + 0.5 * STEP)
        == BUSY + 2
    )
    assert city.drawings.grid_at(draft, WEST + 0.25 * STEP, town.SOUTH + 0.5 * STEP) == BUSY


def test_undo_and_redo_walk_and_a_new_edit_makes_a_branch_of_its_own(city, draft):
    first = drawn(city, draft, cut())
    back = city.redrawing.undo(PLANNER, first)
    assert back.head == 0 and len(city.drawings.plan(back)) == 16
    assert city.redrawing.redo(PLANNER, back).head == 1
    branched = drawn(
        city, city.redrawing.undo(PLANNER, city.drafts.get(draft.id)), cut(at=0.3)
    )
    assert branched.head == 2
    steps = city.drafts.steps(branched)
    assert steps["done"].tolist() == [False, True] and steps["parent"].tolist() == [0, 0]
    assert city.redrawing.go_to(PLANNER, branched, 1).head == 1
    with pytest.raises(RefusedError, match="nothing to undo"):
        city.redrawing.undo(
            PLANNER, city.redrawing.go_to(PLANNER, city.drafts.get(draft.id), 0)
        )


def test_codes_are_never_made_twice_not_even_by_two_drafts(city, draft):
    other = city.drafts.make(OTHER, "另一")
    drawn(city, draft, cut())
    second = city.redrawing.edit(OTHER, other, cut())
    assert second.change.created.tolist() == [BUSY + 4, BUSY + 5]


def test_what_breaks_a_rule_is_refused_by_name_and_the_draft_stays(city, draft):
    line = shapely.LineString(
        [(WEST, town.SOUTH + 0.5 * STEP), (WEST + 0.5 * STEP, town.SOUTH + 0.5 * STEP)]
    )
    with pytest.raises(EditRefusal) as caught:
        city.redrawing.edit(PLANNER, draft, Edit("split", (BUSY,), line))
    assert caught.value.rule == "ends_inside" and caught.value.place
    assert city.drafts.get(draft.id) == draft
    with pytest.raises(InputError, match="not one grid"):
        city.redrawing.edit(PLANNER, draft, Edit("split", (BUSY, SECOND), line))
    with pytest.raises(InputError, match="needs a drawing"):
        city.redrawing.edit(PLANNER, draft, Edit("split", (BUSY,)))


def test_only_planners_draw_only_in_their_places_and_only_in_what_is_theirs(city, draft):
    with pytest.raises(ForbiddenError):
        city.drafts.make(CLERK, "x")
    with pytest.raises(ForbiddenError):
        city.redrawing.edit(OTHER, draft, cut())
    narrow = Actor(1, UserRole.PLANNER, areas=(410703,))
    with pytest.raises(ForbiddenError, match="outside the places"):
        city.redrawing.edit(narrow, draft, cut())
    shared = city.drafts.rename(PLANNER, draft, "共用", shared=True)
    assert city.redrawing.edit(OTHER, shared, cut()).draft.head == 1
    with pytest.raises(InputError, match="no name"):
        city.drafts.rename(PLANNER, city.drafts.get(draft.id), " ", shared=True)
    with pytest.raises(ForbiddenError):
        city.drafts.listed(CLERK)


def test_of_two_planners_on_different_grids_both_are_kept(city, draft):
    shared = city.drafts.rename(PLANNER, draft, "共用", shared=True)
    city.redrawing.edit(PLANNER, shared, cut())
    second = city.redrawing.edit(OTHER, shared, cut(TOP, row=3))
    assert second.merged and city.drafts.steps(second.draft)["done"].tolist() == [
        True,
        True,
    ]


def test_of_two_planners_on_one_grid_the_second_finds_the_difference_and_loses_nothing(
    city, draft, monkeypatch
):
    shared = city.drafts.rename(PLANNER, draft, "共用", shared=True)
    city.redrawing.edit(PLANNER, shared, cut())
    later = city.now_s + 3600
    monkeypatch.setattr(type(city._desk), "now_s", property(lambda _: later))
    with pytest.raises(OvertakenError) as caught:
        city.redrawing.edit(OTHER, shared, cut(at=0.3))
    lost = caught.value
    assert BUSY in lost.grids and [one.by for one in lost.since] == [PLANNER.user]
    steps = city.drafts.steps(city.drafts.get(draft.id))
    assert steps[steps["aside"]]["step"].tolist() == [lost.step]
    with pytest.raises(EditRefusal):
        city.redrawing.take_up(OTHER, city.drafts.get(draft.id), lost.step)
    mine = city.redrawing.undo(OTHER, city.drafts.get(draft.id))
    taken = city.redrawing.take_up(OTHER, mine, lost.step)
    assert taken.draft.head == 3 and (BUSY + 4 in city.drawings.plan(taken.draft).codes)


def test_what_is_drawn_on_a_grid_that_somebody_holds_is_kept_beside_the_draft(
    city, draft, monkeypatch
):
    shared = city.drafts.rename(PLANNER, draft, "共用", shared=True)
    first = city.redrawing.edit(PLANNER, shared, cut()).draft
    with pytest.raises(
        HeldError, match=r"is working on this grid until .* kept as step 2"
    ) as caught:
        city.redrawing.edit(
            OTHER, shared, cut(at=0.3)
        )  # drawn on the draft as it stood before
    assert [one.by for one in caught.value.since] == [
        PLANNER.user
    ] and BUSY in caught.value.grids
    with pytest.raises(HeldError, match="step 3") as caught:
        city.redrawing.edit(
            OTHER, first, Edit("describe", (BUSY + 2,), name="西")
        )  # would fit, but for the lock
    held = caught.value
    assert held.lock.grid == BUSY + 2 and held.lock.by == PLANNER.user
    steps = city.drafts.steps(city.drafts.get(draft.id))
    assert steps.loc[steps["aside"], ["step", "by"]].to_numpy().tolist() == [
        [2, OTHER.user],
        [3, OTHER.user],
    ]
    assert city.drafts.get(draft.id) == first
    with pytest.raises(RefusedError, match="is working on this grid until"):
        city.redrawing.take_up(OTHER, first, held.step)
    assert (
        len(city.drafts.steps(first)) == 3
    )  # it stands there already, and is not written twice
    later = city.now_s + 901
    monkeypatch.setattr(type(city._desk), "now_s", property(lambda _: later))
    taken = city.redrawing.take_up(OTHER, first, held.step)
    assert city.drawings.plan(taken.draft).grid(BUSY + 2).name == "西"


def test_a_lock_is_seen_until_it_runs_out_or_is_given_up(city, draft, monkeypatch):
    after = drawn(city, draft, cut())
    locks = city.drafts.locks(after)
    assert BUSY in locks["grid"].tolist() and set(locks["until"]) == {city.now_s + 900}
    city.drafts.release(PLANNER, after)
    assert city.drafts.locks(after).empty
    drawn(city, after, cut(TOP, row=3))
    later = city.now_s + 901
    monkeypatch.setattr(type(city._desk), "now_s", property(lambda _: later))
    assert city.drafts.locks(city.drafts.get(draft.id)).empty


def test_the_diff_says_what_became_of_each_grid(city, draft):
    after = drawn(city, draft, cut())
    told = city.drawings.diff(after).set_index("code")["state"].to_dict()
    assert told == {BUSY: "gone", BUSY + 2: "split", BUSY + 3: "split"}
    after = drawn(city, after, Edit("merge", (BUSY + 3, SECOND)))
    told = city.drawings.diff(after).set_index("code")
    assert told["state"].to_dict() == {
        BUSY: "gone",
        SECOND: "gone",
        BUSY + 2: "split",
        BUSY + 4: "merged",
    }
    assert told.loc[BUSY + 4, "from"] == (BUSY, SECOND)


def test_comments_stand_at_places_and_can_be_settled(city, draft):
    number = city.comments.add(CHIEF, draft.id, "太大", lon=113.81, lat=35.31)
    assert city.comments.listed(draft.id)[
        ["words", "lon", "resolved_by"]
    ].to_numpy().tolist() == [["太大", 113.81, 0]]
    city.comments.resolve(PLANNER, draft.id, number)
    assert city.comments.listed(draft.id)["resolved_by"].tolist() == [PLANNER.user]
    with pytest.raises(InputError):
        city.comments.add(CHIEF, draft.id, "  ")


def test_a_second_person_approves_who_drew_does_not(city, draft):
    with pytest.raises(RefusedError, match="Nothing is drawn"):
        city.review.submit(PLANNER, draft)
    submitted = city.review.submit(PLANNER, drawn(city, draft, cut()))
    assert submitted.state == "submitted" and city.drafts.locks(submitted).empty
    with pytest.raises(ForbiddenError, match="Who drew"):
        city.review.approve(PLANNER, submitted)
    with pytest.raises(ForbiddenError, match="second person"):
        city.review.approve(CLERK, submitted)
    with pytest.raises(InputError):
        city.review.send_back(CHIEF, submitted, " ")
    returned = city.review.send_back(CHIEF, submitted, "太小")
    assert (returned.state, returned.decision, returned.decided_by) == (
        "returned",
        "太小",
        CHIEF.user,
    )
    assert approved(city, drawn(city, returned, cut(TOP, row=3))).state == "approved"


def test_a_decision_on_a_draft_that_changed_meanwhile_is_stale(city, draft):
    submitted = city.review.submit(PLANNER, drawn(city, draft, cut()))
    city.review.withdraw(PLANNER, submitted)
    with pytest.raises(StaleError):
        city.review.approve(OTHER, submitted)


def test_published_the_figures_of_every_page_follow(city, draft):
    before = city.workload.table(city.default_selection(), Level.GRID).set_index("code")[
        "reports"
    ]
    done = city.publishing.publish(OTHER, approved(city, drawn(city, draft, cut())))
    assert done.plan == 2 and city.plan.id == 2
    after = city.workload.table(city.default_selection(), Level.GRID).set_index("code")[
        "reports"
    ]
    assert BUSY not in after.index
    assert after[BUSY + 2] + after[BUSY + 3] == before[BUSY]
    assert (
        city.drafts.get(draft.id).state == "published"
        and city.drafts.get(draft.id).plan == 2
    )
    staff = city.workload.table(city.default_selection(), Level.GRID).set_index("code")[
        "workers"
    ]
    assert staff[BUSY + 2] == staff[BUSY + 3] == 1
    assert city.places.known(BUSY + 2) and not city.places.known(BUSY)


def test_figures_can_be_shown_under_the_plan_before_or_by_the_plan_of_the_time(city, draft):
    selection = city.default_selection()
    before = city.workload.table(selection, Level.GRID).set_index("code")["reports"]
    city.publishing.publish(OTHER, approved(city, drawn(city, draft, cut())))
    old = (
        city.under(Basis(1))
        .workload.table(selection, Level.GRID)
        .set_index("code")["reports"]
    )
    assert old.to_dict() == before.to_dict() and city.under(Basis(1)).plan.id == 1
    filed = (
        city.under(Basis(stored=True))
        .workload.table(selection, Level.GRID)
        .set_index("code")["reports"]
    )
    assert filed[BUSY] == before[BUSY] and filed[BUSY + 2] == filed[BUSY + 3] == 0
    assert city.under(Basis()) is city.under(Basis(2)) is city
    towns = [
        one.workload.table(selection, Level.TOWNSHIP)["reports"].tolist()
        for one in (city, city.under(Basis(stored=True)))
    ]
    assert towns[0] == towns[1]


def test_a_plan_approved_for_a_later_day_is_published_by_the_clock(
    city, draft, monkeypatch
):
    tomorrow = city.today + timedelta(days=1)
    waiting = approved(city, drawn(city, draft, cut()), effective=tomorrow)
    with pytest.raises(RefusedError, match="published by itself"):
        city.publishing.publish(OTHER, waiting)
    assert city.publishing.publish_due() == []
    monkeypatch.setattr(type(city._desk), "today", property(lambda _: tomorrow))
    city.watch.look()
    assert city.plan.id == 2 and city.plan.valid_from == tomorrow
    with pytest.raises(InputError, match="past"):
        city.review.approve(
            OTHER,
            city.review.submit(
                PLANNER, drawn(city, city.drafts.make(PLANNER, "b"), cut(TOP, row=3))
            ),
            effective=date(2020, 1, 1),
        )


def test_a_draft_left_behind_is_brought_up_to_the_plan_in_force_and_what_does_not_fit_is_named(
    city, draft
):
    other = city.drafts.make(PLANNER, "另一")
    other = drawn(city, other, cut(TOP, row=3), cut(at=0.3))
    city.publishing.publish(OTHER, approved(city, drawn(city, draft, cut())))
    assert city.drawings.behind(other)
    with pytest.raises(RefusedError, match="Another plan"):
        city.review.submit(PLANNER, other)
    done = city.redrawing.rebase(PLANNER, other)
    assert (done.kept, [one.step for one, _ in done.left]) == (1, [2])
    assert done.draft.base == 2 and not city.drawings.behind(done.draft)
    assert (
        BUSY not in city.drawings.plan(done.draft).codes
        and TOP not in city.drawings.plan(done.draft).codes
    )
    with pytest.raises(RefusedError, match="already"):
        city.redrawing.rebase(PLANNER, done.draft)
    city.publishing.publish(OTHER, approved(city, done.draft))
    assert city.plan.id == 3


def test_of_two_approved_drafts_the_second_cannot_be_published_over_the_first(city, draft):
    other = approved(city, drawn(city, city.drafts.make(PLANNER, "另一"), cut(TOP, row=3)))
    city.publishing.publish(OTHER, approved(city, drawn(city, draft, cut())))
    with pytest.raises(ConflictError, match="Another plan"):
        city.publishing.publish(OTHER, other)
    assert city.review.withdraw(PLANNER, other).state == "draft"


def test_taken_back_everything_stands_as_before(city, draft):
    selection = city.default_selection()
    before = city.workload.table(selection, Level.GRID)
    city.publishing.publish(OTHER, approved(city, drawn(city, draft, cut())))
    with pytest.raises(ForbiddenError):
        city.publishing.roll_back(CHIEF)
    city.publishing.roll_back(OTHER)
    assert city.plan.id == 3
    assert city.workload.table(selection, Level.GRID).equals(before)
    assert city.publishing.plans()["restores"].tolist() == [1, 0, 0]


def test_the_visit_of_a_grid_counts_for_those_it_was_divided_into(city, draft):
    silent = Edit("split", (town.SILENT,), cut(town.SILENT, column=3, row=3).shape)
    city.publishing.publish(OTHER, approved(city, drawn(city, draft, silent)))
    visits = city._desk.data.visits.set_index("grid")["at"]
    assert visits[town.SILENT + 1] == visits[town.SILENT + 2] == visits[town.SILENT]


def test_a_layer_edited_outside_comes_back_as_a_draft(city, tmp_path):
    path = city.planfiles.write(tmp_path / "grids.gpkg")
    table = gpd.read_file(path)
    row = table.index[table["code"] == BUSY][0]
    west, east = (shapely.box(*box) for box in _halves(table.geometry[row]))
    both = table.loc[[row, row]].set_geometry([west, east])
    edited = gpd.GeoDataFrame(pd.concat([table.drop(index=row), both]), crs=table.crs)
    edited.to_file(tmp_path / "edited.gpkg", layer="gridmap")
    made = city.planfiles.import_layer(PLANNER, tmp_path / "edited.gpkg")
    assert made.draft.name == "edited"
    told = made.diff.set_index("code")
    assert told["state"].to_dict() == {BUSY: "gone", BUSY + 2: "split", BUSY + 3: "split"}
    assert told.loc[[BUSY + 2, BUSY + 3], "households"].sum() == 100
    with pytest.raises(InputError, match="nothing would change"):
        city.planfiles.import_layer(PLANNER, path)


def test_a_layer_with_a_hole_is_refused_with_its_place(city, tmp_path):
    table = gpd.read_file(city.planfiles.write(tmp_path / "grids.gpkg"))
    table[table["code"] != code(1, 1)].to_file(tmp_path / "hole.gpkg", layer="gridmap")
    with pytest.raises(InputError, match="gap"):
        city.planfiles.import_layer(PLANNER, tmp_path / "hole.gpkg")
    assert city.drafts.listed(PLANNER).empty


def _halves(shape):
    west, south, east, north = shape.bounds
    middle = round((west + east) / 2, 8)
    return (west, south, middle, north), (middle, south, east, north)


def test_the_effect_counts_as_a_plan_in_force_would(city, draft):
    after = drawn(city, draft, cut(), Edit("merge", (code(1, 0), code(1, 1))))
    period = city.outcomes.period()
    told = city.outcomes.effect(after, period).set_index("code")
    assert told["reports_before"].sum() == told["reports"].sum() > 0
    townships = city.outcomes.township_effect(after, period).set_index("code")
    assert townships["reports"].tolist() == townships["reports_before"].tolist()
    city.publishing.publish(OTHER, approved(city, after))
    city.reload()
    counted = city.workload.table(period, Level.GRID).set_index("code")["reports"]
    stay = told["reports"].dropna()
    assert counted.reindex(stay.index).tolist() == stay.tolist()


def test_balance_stands_beside_the_plan_in_force(city, draft):
    after = drawn(city, draft, cut())
    force, own = city.outcomes.balance([after], 410702001, city.outcomes.period())
    assert (force.draft, own.draft) == (0, draft.id)
    assert own.measures.grids == force.measures.grids + 1
    assert force.measures.load is not None and own.measures.moved == 50


def test_a_proposal_becomes_a_step_or_a_draft(city, draft):
    found = city.proposals.suggest(PLANNER, 410702001, draft=draft, tolerance=0.01)
    taken = city.proposals.take(PLANNER, draft, found[0]).draft
    made = city.proposals.draft_of(PLANNER, found[0], "均衡")
    assert (
        city.drawings.diff(taken)["state"].tolist()
        == city.drawings.diff(made)["state"].tolist()
    )
    with pytest.raises(InputError, match="not a tolerance"):
        city.proposals.suggest(PLANNER, 410702001, tolerance=0)
