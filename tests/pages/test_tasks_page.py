"""The page of tasks from above: given by a chief, filled in by a clerk with a hazard found,
counted for everybody.
"""

import io
import re

import pytest
from PIL import Image
from shown import words

from gridmap.model import OfficeKind, UserRole
from gridmap.store.town.tasks import Answer

TASKS = "pages/tasks.py"
CHINESE = re.compile(r"[\u3400-\u9fff]")
COUNTY = 410702


def _user(city, role):
    users = city.people.demo_users()
    desk = city.people.desk_of(COUNTY, OfficeKind.COUNTY)
    return int(
        users[(users["role"] == role.value) & (users["office"] == desk)]["id"].iloc[0]
    )


@pytest.fixture
def snap():
    """A picture as a phone would send it."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "#3a6b8c").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def open_tasks(open_own):
    def run(user=0, lang="en", part="", **parameters):
        return open_own(TASKS, lang, acting=user, at_part=part, **parameters)

    return run


def _press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception


def test_done_of_asked_is_counted_from_the_parts(open_tasks, own_city):
    newest = int(own_city.tasks.tasks(COUNTY)["id"].iloc[0])
    parts = own_city.tasks.parts(newest, COUNTY)
    app = open_tasks(area=str(COUNTY), task=str(newest))
    assert f"({(parts['done_at'] > 0).sum()} / {len(parts)})" in words(app)


def test_what_the_page_itself_says_is_english(open_tasks, own_city):
    shown = words(
        open_tasks(_user(own_city, UserRole.DISPATCHER), "en", "new", area=str(COUNTY))
    ).replace("中文", "")
    assert not CHINESE.findall(shown), CHINESE.findall(shown)


def test_a_chief_gives_a_task_and_is_told_what_is_missing(open_tasks, own_city):
    app = open_tasks(_user(own_city, UserRole.DISPATCHER), "en", "new", area=str(COUNTY))
    before = len(own_city.tasks.tasks(COUNTY))
    _press(app, "Give the task")
    assert any("without a title" in text.value for text in app.text)
    next(one for one in app.text_input if one.label == "Title").set_value("Check wells")
    next(one for one in app.text_area if one.label.startswith("Checklist")).set_value(
        "Covered?\nFenced?"
    )
    _press(app, "Give the task")
    found = own_city.tasks.tasks(COUNTY)
    assert len(found) == before + 1
    assert len(own_city.places.grids(COUNTY)) == found["parts"].iloc[0]
    assert own_city.tasks.get(int(found["id"].iloc[0])).checklist == ("Covered?", "Fenced?")


def test_a_clerk_fills_in_a_grid_and_the_hazard_becomes_a_matter(
    open_tasks, open_own, own_city
):
    clerk = _user(own_city, UserRole.CLERK)
    found = own_city.tasks.tasks(COUNTY)
    task = int(found[found["done"] < found["parts"]]["id"].iloc[0])
    app = open_tasks(clerk, "en", area=str(COUNTY), task=str(task))
    app.button_group(key="tasks.way").set_value("parts").run()
    grid = app.selectbox(key=f"part.{task}.grid").value
    for number in range(len(own_city.tasks.get(task).checklist)):
        app.button_group(key=f"part.{task}.{grid}.{number}").set_value(False).run()
    app.checkbox(key=f"part.{task}.{grid}.hazard").check().run()
    kind = next(one for one in app.selectbox if one.key == f"part.{task}.{grid}.kind.")
    kind.set_value("C0102").run()
    app.button(key=f"part.{task}.{grid}.send").click().run()
    assert not app.exception, app.exception
    (matter,) = own_city.tasks.findings(task, COUNTY)
    assert own_city.matters.case(matter).grid == grid
    assert own_city.figures.whole(["task_done"], own_city.figures.today(grid), task=task)[
        "numerator"
    ].tolist() == [1]
    app = open_own("pages/matter.py", "en", acting=clerk, matter=str(matter))
    app.button(key="matter.task").click().run()
    assert not app.exception, app.exception
    assert own_city.tasks.get(task).title in words(app)


def test_the_photos_of_a_part_are_shown_to_who_answers_for_its_grid(
    open_tasks, own_city, snap
):
    clerk = _user(own_city, UserRole.CLERK)
    actor = own_city.people.actor(clerk)
    found = own_city.tasks.tasks(COUNTY)
    task = own_city.tasks.get(int(found[found["done"] < found["parts"]]["id"].iloc[0]))
    parts = own_city.tasks.parts(task.id, COUNTY)
    grid = int(parts[parts["done_at"] == 0]["grid"].iloc[0])
    photo = own_city.photos.add(actor, snap).id
    answers = tuple(number > 0 for number in range(len(task.checklist)))
    own_city.tasks.complete(actor, task.id, grid, Answer(answers, "", (photo,)))
    app = open_tasks(clerk, "en", area=str(grid), task=str(task.id))
    app.session_state["part.picked"] = grid
    app.button_group(key="tasks.way").set_value("parts").run()
    assert f"{task.checklist[0]} — No" in words(app)
    assert len(app.get("image")) == 1
    app = open_tasks(0, "en", area=str(grid), task=str(task.id))
    app.session_state["part.picked"] = grid
    app.button_group(key="tasks.way").set_value("parts").run()
    assert not app.get("image")
    assert "shown to who answers for the grid" in words(app)
