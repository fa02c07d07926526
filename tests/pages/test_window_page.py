"""The window of a one-stop centre: its queue, a matter taken in for somebody, its rota; in
both languages.
"""

import re
from dataclasses import replace

import pytest
from acting import user_of
from shown import words

from gridmap.city.flow.matters import MatterFilter
from gridmap.model import Channel, OfficeKind, UserRole
from gridmap.ui.flow.drafts import Draft

WINDOW = "pages/window.py"
CHINESE = re.compile(r"[\u3400-\u9fff]")
COUNTY = 410702


@pytest.fixture
def clerk(own_city):
    """The clerk of the county's centre."""
    users = own_city.people.demo_users()
    desk = own_city.people.desk_of(COUNTY, OfficeKind.COUNTY)
    return int(
        users[(users["role"] == UserRole.CLERK.value) & (users["office"] == desk)][
            "id"
        ].iloc[0]
    )


@pytest.fixture
def chief(own_city):
    """The chief of the county."""
    users = own_city.people.demo_users()
    return int(
        users[(users["role"] == UserRole.CHIEF.value) & (users["area"] == COUNTY)][
            "id"
        ].iloc[0]
    )


@pytest.fixture
def open_window(open_own):
    """The page as a user sees it."""

    def run(user, lang="en", part="", **parameters):
        return open_own(WINDOW, lang, acting=user, at_part=part, **parameters)

    return run


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_a_window_one_is_told_politely_where_to_go(open_own, own_city, lang):
    told = {"zh": "请在侧栏以窗口坐席员", "en": "Sign in as a desk clerk"}
    assert told[lang] in words(open_own(WINDOW, lang))
    told = {"zh": "您所在机构没有窗口", "en": "Your office has no window"}
    handler = user_of(own_city, UserRole.HANDLER)
    assert told[lang] in words(open_own(WINDOW, lang, acting=handler))


def test_the_queue_is_what_is_open_at_the_desk(open_window, own_city, clerk):
    desk = own_city.people.user(clerk).office
    expected = own_city.matters.find(MatterFilter(office=desk, open_only=True))
    app = open_window(clerk)
    assert f"{len(expected)} open matters at this desk" in words(app)
    assert app.dataframe[0].value["number"].tolist() == expected["number"].tolist()


def test_the_whole_page_speaks_english(open_window, clerk):
    for part in ("queue", "intake", "rota"):
        shown = words(open_window(clerk, "en", part)).replace("中文", "")
        assert not CHINESE.findall(shown), (part, CHINESE.findall(shown))


def test_a_matter_of_the_queue_is_moved_beside_it(open_window, own_city, clerk):
    desk = own_city.people.user(clerk).office
    found = own_city.matters.find(MatterFilter(office=desk, open_only=True))
    matter = int(found["matter"].iloc[0])
    app = open_window(clerk, "en", matter=str(matter))
    before = own_city.matters.case(matter)
    move = app.button_group(key=f"window.{matter}.{before.version}.move")
    move.set_value("note").run()
    app.text_area(key=f"window.{matter}.{before.version}.note.reason").set_value(
        "`${7*7}` <b>seen</b>"
    )
    next(one for one in app.button if one.label == "Note").click().run()
    assert not app.exception
    journal = own_city.matters.journal(matter)
    assert journal.iloc[-1][["move", "actor", "reason"]].tolist() == [
        "note",
        clerk,
        "`${7*7}` <b>seen</b>",
    ]
    assert any("Done: Note" in one.value.replace("\\", "") for one in app.success)


def test_a_matter_taken_in_for_somebody_comes_by_the_centre_and_stays_at_its_desk(
    open_window, own_city, clerk
):
    app = open_window(clerk, "zh", "intake")
    spot = own_city.places.middle(
        int(own_city.places.search("曙光 第一", limit=1)["code"].iloc[0])
    )
    app.session_state["gridmap.drafts"] = {"window": Draft(lon=spot[0], lat=spot[1])}
    app.run()
    app.button_group(key="window.0.class").set_value("S").run()
    kind = app.selectbox(key="window.0.kind.S")
    code = next(
        code
        for code in own_city.category_paths()
        if code.startswith("S") and len(code) == 5
    )
    kind.set_value(code).run()
    app.text_area(key="window.0.text").set_value("来访：低保申请")
    app.text_input(key="window.0.contact").set_value("0373-0000000")
    next(one for one in app.button if one.label == "提交上报").click().run()
    (receipt,) = [one.value for one in app.code]
    number = own_city.matters.by_receipt(receipt).number
    row = own_city.matters.find(MatterFilter(text=number)).iloc[0]
    actor = own_city.people.actor(clerk)
    dossier = own_city.matters.get(actor, int(row["matter"]))
    assert (dossier.channel, dossier.case.office, dossier.contact) == (
        Channel.CENTRE,
        actor.office,
        "0373-0000000",
    )


def test_the_rota_shows_which_window_lacks_its_unit_and_a_click_notes_presence(
    open_window, own_city, clerk
):
    desk = own_city.people.user(clerk).office
    own_city.windows.withdraw_presence(
        own_city.people.actor(clerk),
        int(own_city.windows.rota(desk, own_city.today)["window"].iloc[0]),
    )
    rota = own_city.windows.rota(desk, own_city.today, "en")
    missing = rota[rota["missing"]]
    assert len(rota) == 22
    assert rota["platform"].nunique() == 8
    app = open_window(clerk, "en", "rota")
    shown = words(app).replace("\\", "")
    assert "without their unit: " + ", ".join(missing["unit"]) in shown
    assert shown.count("▲ the unit is missing") == len(missing)
    app.button(key=f"rota.here.{missing['window'].iloc[0]}").click().run()
    after = own_city.windows.rota(desk, own_city.today, "en")
    assert after["missing"].sum() == len(missing) - 1
    assert words(app).count("the unit is missing") == len(missing) - 1


def test_a_name_is_put_right(open_window, own_city, clerk):
    desk = own_city.people.user(clerk).office
    window = int(own_city.windows.rota(desk, own_city.today)["window"].iloc[3])
    app = open_window(clerk, "en", "rota")
    app.selectbox(key="rota.name.window").set_value(window)
    app.text_input(key="rota.name.person").set_value("<b>Zhou</b>")
    next(one for one in app.button if one.label == "Note the name").click().run()
    found = own_city.windows.rota(desk, own_city.today).set_index("window")
    assert found.loc[window, "person"] == "<b>Zhou</b>"


def test_who_leads_the_county_sees_all_its_centres_counted(open_window, own_city, chief):
    app = open_window(chief, "en", "rota")
    counts = next(
        table.value for table in app.dataframe if "centres" in table.value.columns
    )
    expected = own_city.windows.counts(COUNTY, own_city.today, level=2)
    assert (
        counts.set_index("area")["missing"].to_dict()
        == expected.set_index("area")["missing"].to_dict()
    )
    township = own_city.people.desk_of(COUNTY * 1000 + 1, OfficeKind.TOWNSHIP)
    app.selectbox(key="window.centre").set_value(township).run()
    assert own_city.people.office_name(township, "en") in words(app)


def test_the_map_of_the_rota_narrows_both_its_tables(open_window, own_city, chief):
    whole = own_city.windows.missing(COUNTY, own_city.today)
    town = int(str(whole["office_area"].max())[:9])
    here = own_city.windows.missing(town, own_city.today)
    assert 0 < len(here) < len(whole)
    app = open_window(chief, "en", "rota")
    assert len(app.dataframe(key="rota.missing").value) == len(whole)
    app.session_state["gridmap.view"] = replace(
        app.session_state["gridmap.view"], area=town
    )  # as a click does
    app.run()
    assert (
        app.dataframe(key="rota.missing").value["window"].tolist()
        == here["window"].tolist()
    )
    counts = app.dataframe(key="rota.counts").value
    assert counts["missing"].sum() == len(here)
    assert counts["missing"].is_monotonic_decreasing


def test_a_centre_of_another_county_is_not_shown_to_a_chief(open_window, own_city, chief):
    other = own_city.people.desk_of(410703, OfficeKind.COUNTY)
    shown = words(open_window(chief, "en", office=str(other)))
    assert own_city.people.office_name(other, "en") not in shown
