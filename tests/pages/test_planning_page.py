"""The planners' page: whose it is, a draft's panels, review, the plan figures are counted by."""

import shapely

from gridmap.ui.plans.drawpage import edit_of


def signed_in(open_page, city, role, lang="en", **parameters):
    table = city.people.demo_users()
    user = int(table[table["role"] == role]["id"].iloc[0])
    page = open_page("pages/planning.py", lang, **parameters)
    page.session_state["gridmap.user"] = user
    return page.run()


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
        for panel in ("steps", "balance", "suggest", "comments", "review", "files", "result"):
            page.session_state["draft.panel"] = panel
            page.run()
            assert not page.exception and not page.error, panel


def test_the_draft_handed_in_can_be_approved_by_the_commander(open_page, city):
    room = city.planning
    planner = city.people.actor(city.people.find_user("demo.planner").id)
    table = room.drafts(planner)
    number = int(table[table["state"] == "submitted"]["id"].iloc[0])
    page = signed_in(open_page, city, "commander", draft=str(number))
    page.session_state["draft.panel"] = "review"
    page.run()
    assert any(one.label == "Approve" for one in page.button)
    assert not any(one.label == "Undo" for one in page.button)


def test_a_drawing_without_a_choice_means_the_grids_it_runs_through(city):
    room = city.planning
    plan = room._published(1)
    code = int(plan.codes[3])
    point = plan.grid(code).shape.representative_point()
    line = shapely.LineString([(point.x - 1e-6, point.y), (point.x + 1e-6, point.y)])
    assert edit_of(plan, "split", (), line).grids == (code,)
    assert edit_of(plan, "split", (7,), line).grids == (7,)
    assert edit_of(plan, "carve", (7,), line, name="x").grids == ()


def test_figures_say_which_plan_they_are_counted_by(open_page):
    page = open_page("pages/workload.py", "en")
    assert "by the plan in force" in words(page)
    for here in ("coverage", "indicators"):
        assert "by the plan in force" in words(open_page(f"pages/{here}.py", "en"))
    assert "by the plan in force" in words(open_page("pages/coverage.py", "en", basis="time"))
    assert "by the plan of its time" in words(open_page("pages/indicators.py", "en", basis="time"))
    page = open_page("pages/workload.py", "en", basis="time")
    assert "by the plan of its time" in words(page)


def test_proposals_are_asked_for_and_listed(open_own, own_city):
    page = signed_in(open_own, own_city, "planner")
    page.session_state["draft.panel"] = "suggest"
    page.run()
    next(one for one in page.button if one.label == "Suggest").click().run()
    assert not page.exception and not page.error
    asked = page.session_state["gridmap.proposals"]
    assert ("Choose a row" if asked.found else "Nothing need change") in words(page)
