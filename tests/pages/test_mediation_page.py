"""The page of mediation: figures for everybody, a dispute mediated by a clerk, mediators
and their hand-over.
"""

import re
from dataclasses import replace

import pytest
from shown import words

from gridmap.cases.disputes import Act, subject_of
from gridmap.cases.records.record import Order
from gridmap.city.flow.newmatter import NewMatter
from gridmap.model import Level, OfficeKind, UserRole

MEDIATION = "pages/mediation.py"
CHINESE = re.compile(r"[\u3400-\u9fff]")
COUNTY = 410702


def _user(city, role):
    users = city.people.demo_users()
    desk = city.people.desk_of(COUNTY, OfficeKind.COUNTY)
    here = users[(users["role"] == role.value) & (users["office"] == desk)]
    return int(here["id"].iloc[0])


def new(village):
    return Order(
        Act.ENTRUST,
        area=int(village),
        source="police",
        kind="neighbours",
        parties=("neighbour", "owner"),
    )


@pytest.fixture
def clerk(own_city):
    return _user(own_city, UserRole.CLERK)


@pytest.fixture
def open_mediation(open_own):
    def run(user=0, lang="en", part="", **parameters):
        return open_own(MEDIATION, lang, acting=user, at_part=part, **parameters)

    return run


def test_the_figures_are_counted_from_the_disputes(open_mediation, own_city):
    (row,) = own_city.mediation.success(own_city.code).to_dict("records")
    app = open_mediation()
    assert f"{row['mediated']:,} / {row['entrusted']:,}" in words(app)
    assert "Nobody is signed in." in words(app)


def test_all_of_it_speaks_english(open_mediation, own_city, clerk):
    for part in ("disputes", "mediators", "entrust"):
        shown = words(open_mediation(clerk, "en", part, area=str(COUNTY))).replace(
            "中文", ""
        )
        assert not CHINESE.findall(shown), (part, CHINESE.findall(shown))


def test_a_clerk_assigns_the_proposed_mediator_and_notes_a_session(
    open_mediation, own_city, clerk
):
    actor = own_city.people.actor(clerk)
    village = own_city.mediation.list(COUNTY)["area"].iloc[0]
    number = own_city.mediation.add(actor, new(village))
    app = open_mediation(clerk, "en", area=str(COUNTY), dispute=str(number))
    best = own_city.mediation.propose(int(village), "neighbours")[0].mediator.id
    assert app.selectbox(key=f"dispute.{number}.1.assign.mediator").value == best
    _press(app, "Assign a mediator")
    app.text_area(key=f"dispute.{number}.2.hold.words").set_value("约定再谈")
    _press(app, "Note a session")
    stands = own_city.mediation.get(actor, number)
    assert (stands.mediator, stands.sessions, stands.version) == (best, 1, 3)
    assert not app.exception


def test_the_slower_of_two_keeps_the_words_and_is_told_what_happened(
    open_mediation, own_city, clerk
):
    actor = own_city.people.actor(clerk)
    village = own_city.mediation.list(COUNTY)["area"].iloc[0]
    number = own_city.mediation.add(actor, new(village))
    app = open_mediation(clerk, "en", area=str(COUNTY), dispute=str(number))
    app.button_group(key=f"dispute.{number}.1.act").set_value("withdraw").run()
    app.text_area(key=f"dispute.{number}.1.withdraw.words").set_value("They made peace")
    best = own_city.mediation.propose(int(village), "neighbours")[0].mediator.id
    assign = Order(Act.ASSIGN, mediator=best)
    own_city.mediation.act(actor, number, assign, version=1)
    _press(app, "Withdraw")
    assert "Meanwhile:" in words(app)
    assert "Assign a mediator" in words(app)
    kept = app.text_area(key=f"dispute.{number}.2.withdraw.words")
    assert kept.value == "They made peace"
    _press(app, "Withdraw")
    assert own_city.mediation.get(actor, number).state == "withdrawn"


def test_a_clerk_entrusts_a_dispute_and_is_told_what_is_missing(
    open_mediation, own_city, clerk
):
    app = open_mediation(clerk, "en", "entrust", area=str(COUNTY))
    before = len(own_city.mediation.list(COUNTY))
    _press(app, "Entrust it")
    assert any("roles" in text.value for text in app.text)
    assert len(own_city.mediation.list(COUNTY)) == before
    parties = next(one for one in app.multiselect if "Parties" in one.label)
    parties.set_value(["neighbour", "owner"])
    _press(app, "Entrust it")
    assert len(own_city.mediation.list(COUNTY)) == before + 1
    assert Act.WITHDRAW in own_city.mediation.possible(
        own_city.people.actor(clerk), int(own_city.mediation.list(COUNTY)["id"].max())
    )


def test_a_matter_leads_to_mediation_and_back(open_own, own_city, clerk):
    actor = own_city.people.actor(clerk)
    code = next(
        code for code in own_city.category_paths("en") if subject_of(code) and len(code) > 3
    )
    lon, lat = own_city.places.middle(int(own_city.places.grids(COUNTY)[0]))
    matter = own_city.reporting.report(actor, NewMatter(code, lon, lat)).matter
    dossier = own_city.matters.get(actor, matter)
    app = open_own("pages/matter.py", "en", acting=clerk, matter=str(matter))
    app.button(key="matter.entrust").click().run()
    app.switch_page(MEDIATION)  # where the click has led; the next press is made there
    assert not app.exception, app.exception
    assert (
        next(one for one in app.text_input if one.label.startswith("Case number")).value
        == dossier.number
    )
    assert next(one for one in app.selectbox if one.label == "Kind").value == subject_of(
        dossier.category_code
    )
    next(one for one in app.multiselect if "Parties" in one.label).set_value(
        ["neighbour", "owner"]
    )
    _press(app, "Entrust it")
    (number,) = own_city.mediation.list(COUNTY, matter=matter)["id"].tolist()
    app.switch_page("pages/matter.py").run()
    app.button(key=f"matter.dispute.{number}").click().run()
    assert f"**{number}**" in words(app)


def test_map_and_places_of_mediators_narrow_the_list(open_mediation, own_city, clerk):
    app = open_mediation(clerk, "en", "mediators", area=str(COUNTY))
    places = app.dataframe(key="mediators.places").value
    expected = own_city.figures.table(
        ["mediators"], own_city.figures.today(COUNTY), Level.TOWNSHIP
    )
    assert (
        places.set_index("code")["mediators"].to_dict()
        == expected.set_index("code")["mediators"].to_dict()
    )
    busiest = int(expected.loc[expected["mediators"].idxmax(), "code"])
    app.session_state["gridmap.view"] = replace(
        app.session_state["gridmap.view"], area=busiest
    )  # as a click does
    app.run()
    assert set(app.dataframe(key="mediators.list").value["id"]) == set(
        own_city.mediators.listed(busiest)["id"]
    )
    app.selectbox(key="mediators.measure").set_value("mediators").run()
    assert not app.exception, app.exception


def test_disputes_of_a_mediator_who_has_left_are_handed_over_in_one_step(
    open_mediation, own_city
):
    chief = _user(own_city, UserRole.DISPATCHER)
    assert len(own_city.mediation.list(COUNTY, state="stranded"))
    app = open_mediation(chief, "en", "mediators", area=str(COUNTY))
    _press(app, "Hand over to those proposed")
    assert own_city.mediation.list(COUNTY, state="stranded").empty
    assert any("handed over" in message.value for message in app.success)


def _press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception
