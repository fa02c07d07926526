"""The page of village work: figures for everybody, a contract led to clearing by clerk and
chief, a meeting without decision.
"""

import re

import pytest
from shown import words

from gridmap.cases.actors import NOBODY
from gridmap.cases.contracts import State
from gridmap.city.flow.newmatter import NewMatter

VILLAGES = "pages/villages.py"
CHINESE = re.compile(r"[\u3400-\u9fff]")
TITLES = re.compile(r"[\u3400-\u9fff]+合同 \d+ 号")


def _user(city, login):
    return next(
        user for user in city.people.directory.users.values() if user.login == login
    )


@pytest.fixture
def village(own_city):
    return _user(own_city, "demo.clerk.village").area


@pytest.fixture
def open_villages(open_own, own_city):
    def run(login="", lang="en", part="", **parameters):
        user = _user(own_city, login).id if login else 0
        return open_own(VILLAGES, lang, acting=user, at_part=part, **parameters)

    return run


def _press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception


def test_the_figures_are_counted_from_the_contracts(open_villages, own_city):
    total = own_city.contracts.campaign(own_city.code)
    shown = words(open_villages())
    assert f"{total['cleared']:,.0f} contracts cleared" in shown
    assert f"({total['kept'] + total['cleared']:,.0f} / {total['contracts']:,.0f})" in shown


@pytest.mark.parametrize("part", ["contracts", "meetings", "list", "record"])
def test_all_of_it_speaks_english_and_chinese(open_villages, village, part):
    app = open_villages("demo.clerk.village", "en", part, area=str(village))
    shown = TITLES.sub("", words(app)).replace("中文", "")
    assert not CHINESE.findall(shown), CHINESE.findall(shown)
    own = words(open_villages("demo.clerk.village", "zh", part, area=str(village)))
    assert not {"Contract", "Meeting", "Decision"} & set(re.findall(r"[A-Z][a-z]+", own))


def test_a_clerk_lists_publicises_and_reviews_a_contract_and_the_chief_clears_it(
    open_villages, own_city, village
):
    app = open_villages("demo.clerk.village", "en", "list", area=str(village))
    before = own_city.contracts.campaign(village)
    _press(app, "Put it on the list")
    assert any("No title" in text.value for text in app.text)
    app.text_input(key="contract.new.0.title").set_value("Pond 3")
    app.number_input(key="contract.new.0.area_written").set_value(10.0)
    app.number_input(key="contract.new.0.price_before").set_value(40.0)
    _press(app, "Put it on the list")
    number = int(own_city.contracts.list(village)["id"].max())
    _press(app, "Publicise")
    app.number_input(key=f"contract.{number}.2.review.area_measured").set_value(16.0)
    app.text_area(key=f"contract.{number}.2.review.words").set_value("Larger than written.")
    _press(app, "Note the review")
    app = open_villages("demo.chief.village", "en", area=str(village), contract=str(number))
    app.number_input(key=f"contract.{number}.3.clear.price_after").set_value(300.0)
    app.text_area(key=f"contract.{number}.3.clear.words").set_value("Written anew.")
    _press(app, "Clear")
    found = own_city.contracts.get(NOBODY, number)
    assert (found.state, found.rent_before, found.rent_after) == (State.CLEARED, 400, 4_800)
    after = own_city.contracts.campaign(village)
    assert (after["cleared"] - before["cleared"], after["gain"] - before["gain"]) == (
        1,
        4_400,
    )
    assert "400 yuan → 4,800 yuan" in words(app)


def test_a_meeting_without_decision_is_adjourned_and_decided_by_the_next(
    open_villages, own_city, village
):
    app = open_villages("demo.clerk.village", "en", "record", area=str(village))
    app.text_input(key="deliberation.new.0.title").set_value("Street lamps")
    app.number_input(key="deliberation.new.0.roles.village_cadre").set_value(3)
    _press(app, "Record the meeting")
    assert any("Adjourned without a day" in text.value for text in app.text)
    app.date_input(key="deliberation.new.0.resume_at").set_value(
        own_city.today.replace(day=30)
    )
    _press(app, "Record the meeting")
    assert any("open list" in message.value for message in app.success)
    found = own_city.deliberations.list(village, standing="open")
    number = int(found["id"].max())
    app = open_villages(
        "demo.clerk.village", "en", "meetings", area=str(village), deliberation=str(number)
    )
    here = f"deliberation.{number}.1"
    app.number_input(key=f"{here}.meet.roles.village_cadre").set_value(5)
    app.text_area(key=f"{here}.meet.proposals").set_value("Solar lamps")
    app.text_area(key=f"{here}.meet.decision").set_value("Solar lamps at the school.")
    _press(app, "Record a meeting")
    assert (
        number not in own_city.deliberations.list(village, standing="open")["id"].tolist()
    )
    assert (
        own_city.deliberations.get(NOBODY, number).decision == "Solar lamps at the school."
    )


def test_matter_and_deliberation_open_each_other(open_villages, open_own, own_city):
    found = own_city.deliberations.list(own_city.code)
    number = int(found[found["matters"] > 0]["id"].iloc[0])
    matter = own_city.deliberations.matters(number)[0]
    clerk = _user(own_city, "demo.clerk.county")
    app = open_own("pages/matter.py", "zh", acting=clerk.id, matter=str(matter))
    app.button(key=f"matter.deliberation.{number}").click().run()
    assert not app.exception, app.exception
    assert (
        app.button(key=f"deliberation.matter.{matter}").label
        == own_city.deliberations.case_numbers([matter])[matter]
    )


def test_a_matter_is_taken_to_a_meeting_of_its_village(open_own, own_city, village):
    clerk = _user(own_city, "demo.clerk.village")
    lon, lat = own_city.places.middle(village)
    receipt = own_city.reporting.report(
        own_city.people.actor(clerk.id), NewMatter("C0102", lon, lat, text="灯坏了")
    )
    app = open_own("pages/matter.py", "en", acting=clerk.id, matter=str(receipt.matter))
    _press(app, "Talk it over in the village")
    assert app.text_input(key="deliberation.new.0.matters").value == receipt.number
    app.switch_page(VILLAGES)  # AppTest itself has not followed the page
    app.text_input(key="deliberation.new.0.title").set_value("Street lamps")
    app.number_input(key="deliberation.new.0.roles.household_representative").set_value(9)
    app.text_area(key="deliberation.new.0.proposals").set_value("Mend it")
    app.text_area(key="deliberation.new.0.decision").set_value("Mended by the village.")
    _press(app, "Record the meeting")
    found = own_city.deliberations.of_matter(receipt.matter)
    assert found["decision"].tolist() == ["Mended by the village."]
    assert found["standing"].tolist() == ["notice"]
