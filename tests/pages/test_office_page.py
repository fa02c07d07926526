"""Administration: people, absences, hand-over, device keys, rules, limits, messages; who
may, and in both languages.
"""

import re
import time
from datetime import timedelta

import pandas as pd
import pytest
from acting import user_of
from shown import words

from gridmap.cases.actors import SYSTEM
from gridmap.city.flow.matters import MatterFilter
from gridmap.errors import ForbiddenError
from gridmap.model import UserRole
from gridmap.store.flow import outbox
from gridmap.ui import editing
from gridmap.ui.office import limitsview

OFFICE = "pages/office.py"
CHINESE = re.compile(r"[\u3400-\u9fff]")
COUNTY = 410702


@pytest.fixture
def admin(own_city):
    return user_of(own_city, UserRole.ADMIN)


@pytest.fixture
def open_office(open_own):
    """The page as a user sees it, at one of its parts."""

    def run(user, part="", lang="en", **parameters):
        return open_own(OFFICE, lang, acting=user, at_part=part, **parameters)

    return run


def press(app, label):
    app = next(one for one in app.button if one.label == label).click().run()
    assert not app.exception, app.exception
    return app


def soon(holds):
    """Whether `holds()` within seconds: the page's city is another one than the test's, as
    another process would be.
    """
    until = time.monotonic() + 5
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def said(app):
    """What the page says was done."""
    return [one.value.replace("\\", "") for one in app.success]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_others_are_told_politely_that_the_page_is_not_theirs(open_own, own_city, lang):
    told = {
        "zh": "本页供系统管理员和网格长使用",
        "en": "This page is for administrators and chiefs",
    }
    app = open_own(OFFICE, lang)
    assert told[lang] in app.info[0].value
    for role in (UserRole.CLERK, UserRole.HANDLER, UserRole.GRID_WORKER):
        app = open_own(OFFICE, lang, acting=user_of(own_city, role))
        assert told[lang] in app.info[0].value
        assert not app.dataframe


@pytest.mark.parametrize(
    "part", ["people", "absences", "handover", "keys", "rules", "limits", "outbox"]
)
def test_a_part_speaks_one_language(open_office, admin, part):
    english = words(open_office(admin, part, "en")).replace("中文", "")
    assert not CHINESE.findall(english), CHINESE.findall(english)
    chinese = [
        line
        for line in words(open_office(admin, part, "zh")).splitlines()
        if CHINESE.search(line)
    ]
    assert chinese


def test_a_chief_sees_people_but_not_what_concerns_the_whole_city(open_office, own_city):
    app = open_office(user_of(own_city, UserRole.CHIEF))
    parts = app.button_group(key="office.part").options
    assert [option.content if hasattr(option, "content") else option for option in parts][
        :4
    ] == ["People", "Absences", "Hand-over", "Device keys"]
    assert len(parts) == 4
    assert own_city.places.name(COUNTY, "en") in words(app)


def test_people_of_a_place_are_counted_with_the_chiefs_each_level_has(
    open_office, own_city, admin
):
    app = open_office(admin, "people", area=str(COUNTY))
    users = own_city.people.users(COUNTY)
    assert f"{int(users['active'].sum())} users" in words(app)
    townships = own_city.places.children(COUNTY)
    led = set(users.loc[users["role"] == "chief", "area"])
    have = sum(int(code) in led for code in townships["code"])
    assert [one.value for one in app.metric][1] == f"{have} / {len(townships)}"


def test_an_absence_is_noted_with_its_stand_in_and_ended(open_office, own_city, admin):
    absent, stand_in = (
        user_of(own_city, UserRole.CLERK, 1),
        user_of(own_city, UserRole.CLERK, 2),
    )
    app = open_office(admin, "absences")
    app.selectbox(key="absence.user").set_value(absent).run()
    app.selectbox(key="absence.stand_in").set_value(stand_in).run()
    app.text_input(key="absence.reason").set_value("`sick` ${x}")
    app.date_input(key="absence.ends").set_value(own_city.today + timedelta(days=3))
    app = press(app, "Note the absence")
    assert said(app) == ["The absence has been noted."]
    assert soon(
        lambda: own_city.absences.standing_in_for(stand_in)["id"].tolist() == [absent]
    )
    row = own_city.absences.listed(4107).iloc[0]
    assert (row["reason"], row["ends"] % 86_400) == (
        "`sick` ${x}",
        16 * 3600,
    )  # midnight in the city
    app = press(app, "End it now")
    assert said(app) == ["The absence has been ended."]
    assert soon(lambda: own_city.absences.listed(4107).empty)


def test_an_absence_without_a_reason_is_refused_in_words(open_office, own_city, admin):
    app = open_office(admin, "absences", "zh")
    app.selectbox(key="absence.user").set_value(user_of(own_city, UserRole.CLERK)).run()
    app = press(app, "登记")
    assert app.error[0].value == "请更正以下内容："
    assert own_city.absences.listed(4107).empty


def test_a_hand_over_shows_what_moves_before_it_moves(open_office, own_city, admin):
    people = own_city.people
    held = own_city.matters.find(MatterFilter(open_only=True))
    counts = held.loc[held["person"] > 0, "person"].value_counts()
    giver, taker = next(
        (user, other)
        for user in counts.index.tolist()
        if people.user(user).office
        for other in people.members(people.user(user).office)["id"].tolist()
        if other != user and people.user(other).role is people.user(user).role
    )
    own_city.keys.make(SYSTEM, giver, label="phone")
    would = own_city.handovers.would_move(giver)
    app = open_office(admin, "handover")
    app.selectbox(key="handover.source").set_value(giver).run()
    assert [one.value for one in app.metric] == [
        str(would.matters),
        str(would.keys),
        str(would.grids),
    ]
    assert would.matters == counts[giver]
    app.selectbox(key="handover.target").set_value(taker).run()
    app.text_input(key="handover.reason").set_value("moves away")
    app = press(app, "Hand over now")
    assert (
        f"{would.matters} matters, {would.keys} device keys, {would.grids} grids."
        in said(app)[0]
    )
    assert own_city.matters.count(MatterFilter(person=giver, open_only=True)) == 0
    assert (
        own_city.matters.count(MatterFilter(person=taker, open_only=True)) >= would.matters
    )


def opens(city, key):
    """Whether a device key is in force."""
    try:
        city.keys.actor_of(key)
    except ForbiddenError:
        return False
    return True


def test_a_key_is_shown_once_works_and_is_revoked(open_office, own_city, admin):
    clerk = user_of(own_city, UserRole.CLERK)
    app = open_office(admin, "keys")
    app.selectbox(key="keys.user").set_value(clerk).run()
    app.text_input(key=f"keys.{clerk}.label").set_value("counter phone")
    app = press(app, "Make the key")
    (key,) = [one.value for one in app.code]
    assert opens(own_city, key)
    assert own_city.keys.actor_of(key)[0].user == clerk
    app.run()
    assert not app.code
    assert key not in words(app)
    app = press(app, "Revoke it")
    assert soon(lambda: not opens(own_city, key))


def test_rules_are_saved_only_once_they_were_tried_on_past_matters(
    open_office, own_city, admin
):
    before = own_city.routing.rules()
    app = open_office(admin, "rules")
    assert app.button(key="rules.save").disabled
    app.button(key="rules.try").click().run()
    tried = own_city.routing.dry_run(days=30)
    assert f"Tried on {int(tried['matched'].sum()):,} past matters" in words(app)
    assert not app.button(key="rules.save").disabled
    app.button(key="rules.save").click().run()
    assert not app.exception
    assert said(app) == ["The rules have been saved; they hold for reports from now on."]
    pd.testing.assert_frame_equal(own_city.routing.rules(), before)
    assert app.button(key="rules.save").disabled


def test_limits_and_days_are_saved_as_they_stand(open_office, own_city, admin):
    steps = own_city.limits.steps()
    app = open_office(admin, "limits")
    app.button(key="limits.steps.save").click().run()
    assert said(app) == ["The limits have been saved."]
    pd.testing.assert_frame_equal(own_city.limits.steps(), steps)
    app.button(key="limits.days.save").click().run()
    assert not app.exception
    assert "The days have been saved; 0 open matters have a new limit." in said(app)[0]


def test_days_as_edited_become_what_the_city_takes(own_city):
    edited = pd.DataFrame(
        {
            "day": [pd.Timestamp("2024-06-01"), None],
            "working": [True, None],
            "note": [None, "x"],
        }
    )
    tidy = limitsview._tidy(edited)
    assert tidy["day"].tolist()[0].isoformat() == "2024-06-01"
    assert tidy[["working", "note"]].to_numpy().tolist() == [[True, ""], [False, "x"]]


def test_a_dead_message_is_seen_and_tried_again(open_office, own_city, admin):
    with own_city.store.write() as connection:
        outbox.put(
            connection, "test:1", "webhook", {"text": "${x} <b>"}, now=own_city.now_s
        )
    message = outbox.claim(own_city.store, now=own_city.now_s + 1, lease_s=30)
    outbox.failed(
        own_city.store, message, error="no answer", next_try=own_city.now_s, dead=True
    )
    number = int(own_city.outbox.dead()["id"].iloc[0])
    app = open_office(admin, "outbox")
    assert [one.value for one in app.metric][2] == "1"
    table = app.dataframe[0].value
    assert table["last_error"].tolist() == ["no answer"]
    app.button(key="outbox.retry.do").click().run()
    assert not app.exception
    assert own_city.outbox.dead().empty
    assert number in own_city.outbox.waiting()["id"].tolist()


def test_rules_somebody_else_has_saved_meanwhile_are_not_saved_over(
    open_office, own_city, admin
):
    app = open_office(admin, "rules")
    before = own_city.routing.rules()
    own_city.routing.save(own_city.people.actor(admin), before.assign(note="changed"))
    try:
        with pytest.MonkeyPatch.context() as typing:
            typing.setattr(editing, "_has_edits", lambda _widget: True)
            assert soon(
                lambda: (
                    "Somebody else has saved this table"
                    in " ".join(one.value for one in app.run().warning)
                )
            )
            app.button(key="rules.try").click().run()
            app.button(key="rules.save").click().run()
            assert own_city.routing.rules()["note"].eq("changed").all()
        press(app, "Begin again from how it stands now")
        assert not app.warning
    finally:
        own_city.routing.save(own_city.people.actor(admin), before)
