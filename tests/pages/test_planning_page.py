"""The planners' page: whose it is, a draft's panels, review, the plan figures are counted by."""

import numpy as np
import shapely
from acting import user_of

from gridmap.model import UserRole
from gridmap.ui.plans.drawpage import edit_of
from gridmap.ui.plans.editorstate import Editing


def signed_in(open_page, city, role, lang="en", **parameters):
    user = user_of(city, UserRole(role))
    return open_page("pages/planning.py", lang, acting=user, **parameters)


def words(page):
    kinds = (page.markdown, page.caption, page.text, page.info)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def test_who_is_not_a_planner_is_told_whose_page_it_is(open_page):
    page = open_page("pages/planning.py", "en")
    assert "for grid planners" in words(page) and not page.exception


def test_a_planner_sees_what_a_draft_changes(open_page, city):
    page = signed_in(open_page, city, "planner")
    assert not page.exception and not page.error
    assert "Split off" in words(page)
    assert any(one.label == "Undo" for one in page.button)


def test_every_panel_opens_in_both_languages(open_page, city):
    for lang in ("zh", "en"):
        page = signed_in(open_page, city, "planner", lang)
        for panel in (
            "steps",
            "balance",
            "suggest",
            "comments",
            "review",
            "files",
            "result",
        ):
            page.session_state["draft.panel"] = panel
            page.run()
            assert not page.exception and not page.error, panel


def test_the_draft_handed_in_can_be_approved_by_the_commander(open_page, city):
    planner = city.people.actor(city.people.find_user("demo.planner").id)
    table = city.drafts.listed(planner)
    number = int(table[table["state"] == "submitted"]["id"].iloc[0])
    page = signed_in(open_page, city, "commander", draft=str(number))
    page.session_state["draft.panel"] = "review"
    page.run()
    assert any(one.label == "Approve" for one in page.button)
    assert not any(one.label == "Undo" for one in page.button)


def test_a_drawing_without_a_choice_means_the_grids_it_runs_through(city):
    plan = city.drawings.published(1)
    code = int(plan.codes[3])
    point = plan.grid(code).shape.representative_point()
    line = shapely.LineString([(point.x - 1e-6, point.y), (point.x + 1e-6, point.y)])
    assert edit_of(plan, "split", (), line).grids == (code,)
    assert edit_of(plan, "split", (7,), line).grids == (7,)
    assert edit_of(plan, "split", (7, 8), line).grids == (code,)
    assert edit_of(plan, "carve", (7,), line, name="x").grids == ()


def test_an_area_drawn_without_a_choice_goes_from_the_grid_it_lies_in_to_the_next(city):
    plan = city.drawings.published(1)
    code = int(plan.codes[3])
    other = int(city.places.neighbours(code)["code"].iloc[0])
    border = plan.grid(code).shape.intersection(plan.grid(other).shape)
    own = plan.grid(code).shape.intersection(
        border.interpolate(0.5, normalized=True).buffer(1e-4)
    )
    area = own.union(
        plan.grid(other).shape.intersection(
            border.interpolate(0.5, normalized=True).buffer(2e-5)
        )
    )
    assert edit_of(plan, "transfer", (), area).grids == (code, other)
    assert edit_of(plan, "transfer", (other, code), area).grids == (other, code)


def test_figures_say_which_plan_they_are_counted_by(open_page):
    page = open_page("pages/workload.py", "en")
    assert "by the plan in force" in words(page)
    for here in ("coverage", "indicators"):
        assert "by the plan in force" in words(open_page(f"pages/{here}.py", "en"))
    assert "by the plan in force" in words(
        open_page("pages/coverage.py", "en", basis="time")
    )
    assert "by the plan of its time" in words(
        open_page("pages/indicators.py", "en", basis="time")
    )
    page = open_page("pages/workload.py", "en", basis="time")
    assert "by the plan of its time" in words(page)


def proposed(open_page, city):
    """The page with proposals for a place that needs some, the first one looked at; and the
    planner.
    """
    planner = city.people.actor(city.people.find_user("demo.planner").id)
    draft = city.drafts.make(planner, "更均衡")
    townships = np.unique(city.drawings.plan(draft).codes // 10**6).tolist()
    area = next(
        one
        for one in townships
        if city.proposals.suggest(planner, one, draft=draft, tolerance=0.05)
    )
    page = signed_in(open_page, city, "planner", draft=str(draft.id), area=str(area))
    page.session_state["draft.panel"] = "suggest"
    page.run()
    next(one for one in page.number_input if one.label == "Tolerance (%)").set_value(5)
    button(page, "Suggest").click().run()
    assert not page.exception and not page.error
    asked = page.session_state["gridmap.proposals"]
    assert asked.draft == draft.id
    found = asked.found
    assert found and "Choose a row" in words(page)
    page.session_state["gridmap.editor"] = {draft.id: Editing(proposal=1)}
    page.run()
    assert not page.exception
    assert page.get("arrow_vega_lite_chart") or page.get("vega_lite_chart")
    return page, draft, planner, found[0]


def button(page, label):
    return next(one for one in page.button if one.label == label)


def test_a_proposal_is_taken_into_the_draft_as_its_next_step(open_own, own_city):
    page, draft, planner, proposal = proposed(open_own, own_city)
    button(page, "Take it into this draft").click().run()
    assert not page.exception and not page.error
    after = own_city.drafts.get(draft.id)
    assert (
        after.head != draft.head
        and own_city.drafts.steps(after)["kind"].iloc[-1] == "suggest"
    )
    assert set(own_city.drawings.diff(after)["code"]) <= set(
        proposal.change.touched.tolist()
    )
    assert "Take it into this draft" not in [one.label for one in page.button], (
        "proposals end with the step they led to"
    )
    button(page, "Undo").click().run()
    assert own_city.drafts.get(draft.id).head == draft.head
    own_city.drafts.drop(planner, own_city.drafts.get(draft.id))


def test_a_proposal_is_made_a_draft_of_its_own_and_that_one_is_opened(open_own, own_city):
    page, draft, planner, proposal = proposed(open_own, own_city)
    button(page, "Make this a draft").click().run()
    assert not page.exception and not page.error
    table = own_city.drafts.listed(planner)
    made = own_city.drafts.get(int(table["id"].max()))
    assert made.id != draft.id and made.owner == planner.user
    assert made.head and set(own_city.drawings.diff(made)["code"]) <= set(
        proposal.change.touched.tolist()
    )
    assert own_city.drafts.get(draft.id).head == draft.head, (
        "the draft it was proposed for stays as it was"
    )
    assert page.query_params["draft"] in (str(made.id), [str(made.id)])
