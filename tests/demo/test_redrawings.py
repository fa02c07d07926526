"""The demonstration's drafts: each can be opened, one waits for review by somebody else
than who drew it.
"""

import pytest

from gridmap.city import City


@pytest.fixture(scope="module")
def city(small_city):
    opened = City.open(small_city)
    yield opened
    opened.close()


def test_each_draft_opens_and_changes_something(city):
    planner = city.people.actor(city.people.find_user("demo.planner").id)
    table = city.drafts.listed(planner)
    assert sorted(table["state"]) == ["draft", "submitted"]
    for number in table["id"].tolist():
        draft = city.drafts.get(number)
        found = city.drawings.diff(draft)
        assert {"split", "gone"} <= set(found["state"])
        plan, base = city.drawings.plan(draft), city.drawings.base(draft)
        assert plan.households.sum() == base.households.sum()


def test_the_planner_of_the_sign_in_can_decide_on_the_one_handed_in(city):
    planner = city.people.actor(city.people.find_user("demo.planner").id)
    table = city.drafts.listed(planner)
    waiting = city.drafts.get(int(table[table["state"] == "submitted"]["id"].iloc[0]))
    assert city.review.against_judging(planner, waiting) == ""
    assert len(city.comments.listed(waiting.id)) == 1
