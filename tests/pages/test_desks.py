"""The desks: signing in, the inbox, one matter and its moves, the list of matters, on a
copy of the small city.
"""

import re
from io import BytesIO

import openpyxl
import pytest
from acting import sign_in, user_of
from shown import words

from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Order
from gridmap.city.flow.matters import MatterFilter
from gridmap.city.flow.newmatter import NewMatter
from gridmap.model import Status, UserRole
from gridmap.store.tables import matters
from gridmap.ui import exports, signin
from gridmap.ui.flow import matterspage
from gridmap.ui.frame import Page
from gridmap.ui.session import Key
from gridmap.ui.view import View
from gridmap.words import Words

CHINESE = re.compile(r"[\u3400-\u9fff]")
ROLES = (
    UserRole.GRID_WORKER,
    UserRole.CLERK,
    UserRole.DISPATCHER,
    UserRole.HANDLER,
    UserRole.CHIEF,
    UserRole.LEADER,
)
HOSTILE = "${document.title='owned'}`<script>alert(1)</script> C:\\2019 **bold** \u202eabc"
INBOX, MATTER, MATTERS = "pages/inbox.py", "pages/matter.py", "pages/matters.py"


@pytest.fixture
def visit(open_own):
    """Open a page as the user `acting` (0: nobody)."""

    def run(path, lang="en", acting=0, **parameters):
        return open_own(path, lang, acting=acting, **parameters)

    return run


@pytest.fixture(scope="module")
def city(own_city):
    return own_city


@pytest.fixture
def reported(city):
    """A matter fresh from a grid worker, and a clerk of the desk that has it."""

    def make(text="the lamp is out"):
        worker = city.people.actor(user_of(city, UserRole.GRID_WORKER))
        grid = worker.areas[0]
        lon, lat = city.places.middle(grid)
        receipt = city.reporting.report(
            worker, NewMatter("C0102", lon, lat, text=text, contact="13800000000")
        )
        members = city.people.members(receipt.office)
        clerk = int(members[members["role"] == "clerk"]["id"].iloc[0])
        return receipt, clerk

    return make


def choose_move(app, move):
    """`app` with the form of `move`."""
    pills = next(
        one
        for one in app.button_group
        if str(one.key).startswith("matter.") and one.key.endswith(".move")
    )
    pills.set_value(move.value).run()
    assert not app.exception, app.exception
    return app


def send(app, label):
    """`app` after the form's button."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception
    return app


def field(app, kind, name):
    return next(one for one in app.get(kind) if str(one.key).endswith(f".{name}"))


# signing in


def test_maps_can_be_read_and_desks_ask_to_sign_in(visit):
    assert visit("").selectbox(key="side.sign_in").value is None
    for path in (INBOX, MATTERS, MATTER):
        assert "Nobody is signed in." in words(visit(path, matter="1"))


def test_the_side_bar_offers_each_role_and_signs_in_for_the_session(visit, city):
    app = visit("")
    offered = app.selectbox(key="side.sign_in").options
    assert len(offered) == len(city.people.demo_users())
    handler = user_of(city, UserRole.HANDLER)
    sign_in(app, handler)
    assert app.session_state[Key.USER] == handler
    assert "Handler" in words(app)
    counts = city.inbox.counts(city.people.actor(handler))
    assert f"In my hands {counts['mine']}" in words(app)
    app.switch_page(INBOX).run()
    assert "What waits for you as Handler" in words(app)
    app.button(key="signout").click().run()
    assert "Nobody is signed in." in words(app)


@pytest.mark.parametrize("parameters", [{"as": "1"}, {"user": "1"}, {"actor": "1"}])
def test_no_link_signs_anybody_in(visit, parameters):
    app = visit(INBOX, **parameters)
    assert Key.USER not in app.session_state
    assert "Nobody is signed in." in words(app)


def test_the_address_tells_nothing_about_who_is_signed_in(visit, city):
    app = visit(INBOX, acting=user_of(city, UserRole.CLERK))
    assert set(app.query_params) == {"lang"}


def test_a_city_that_has_switched_it_off_offers_no_sign_in_and_believes_no_session(
    visit, city, monkeypatch
):
    monkeypatch.setenv("GRIDMAP_DEMO_SIGN_IN", "false")
    app = visit(INBOX, acting=user_of(city, UserRole.CLERK))
    assert "Nobody is signed in." in words(app)
    assert not [box for box in app.selectbox if box.key == "side.sign_in"]


def test_only_users_of_the_demonstration_may_be_taken(city, monkeypatch):
    session = {}
    monkeypatch.setattr(signin.st, "session_state", session)
    offered = city.people.demo_users()["id"].tolist()
    signin.sign_in(city, next(number for number in range(1, 5000) if number not in offered))
    assert session == {}
    signin.sign_in(city, offered[0])
    assert session[Key.USER] == offered[0]


def test_a_stand_in_chooses_whom_to_act_for(visit, city):
    absent, other = (user_of(city, UserRole.HANDLER, number) for number in (0, 1))
    own = city.people.user(absent)
    colleagues = [
        int(number) for number in city.people.members(own.office)["id"] if number != absent
    ]
    stand_in = colleagues[0] if colleagues else other
    city.absences.add(
        city.people.actor(user_of(city, UserRole.ADMIN)),
        absent,
        starts=city.now_s - 60,
        ends=city.now_s + 86_400,
        stand_in=stand_in,
        reason="away",
    )
    app = visit(INBOX, acting=stand_in)
    app.selectbox(key="side.stand_in").set_value(absent).run()
    assert not app.exception
    assert "in whose place you act" in words(app)
    app.selectbox(key="side.stand_in").set_value(0).run()
    assert "in whose place you act" not in words(app)


# every desk in both languages


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", [INBOX, MATTERS, MATTER])
def test_every_desk_is_in_one_language(visit, city, role, path):
    user = user_of(city, role)
    matter = int(city.matters.find(MatterFilter(open_only=True), limit=1)["matter"].iloc[0])
    # What people wrote stays as they wrote it, in either language.
    written = set(city.matters.journal(matter)["reason"]) | {
        city.matters.get(city.people.actor(user), matter).text
    }
    shown = words(visit(path, "en", user, matter=str(matter))).replace("中文", "")
    for text in sorted(written, key=len, reverse=True):
        shown = shown.replace(text, "") if text else shown
    assert not CHINESE.findall(shown), CHINESE.findall(shown)
    assert CHINESE.search(words(visit(path, "zh", user, matter=str(matter))))


@pytest.mark.parametrize("role", ROLES)
def test_the_inbox_shows_what_the_city_counts(visit, city, role):
    user = user_of(city, role)
    actor = city.people.actor(user)
    for box, count in city.inbox.counts(actor).items():
        app = visit(INBOX, "en", user, box=box)
        rows = len(app.dataframe[0].value) if app.dataframe else 0
        assert rows == min(count, 200)


def test_the_table_names_limit_what_is_left_and_whose_move_it_is(visit, reported):
    receipt, clerk = reported()
    app = visit(INBOX, "en", clerk, box="new")
    table = app.dataframe[0].value
    row = table[table["number"] == receipt.number].iloc[0]
    assert row["state"] == "Reported"
    assert re.fullmatch(r"\d+ min left", row["left"])
    assert row["whose"]
    assert row["words"] == "the lamp is out"


# one matter


def test_a_matter_goes_its_way_through_the_forms(visit, city, reported):
    receipt, clerk = reported()
    app = visit(MATTER, "en", clerk, matter=str(receipt.matter))
    send(app, "Accept")
    assert "Done: Accept" in [one.value.replace("\\", "") for one in app.success]
    assert city.matters.case(receipt.matter).status is Status.ACCEPTED
    choose_move(app, Act.DISPATCH)
    target = int(
        city.people.targets(city.matters.case(receipt.matter), Act.DISPATCH)["id"].iloc[-1]
    )
    field(app, "selectbox", "office").set_value(target)
    send(app, "Dispatch")
    case = city.matters.case(receipt.matter)
    assert (case.status, case.office) == (Status.DISPATCHED, target)
    assert "There is nothing for you to do" in words(app) or "What to do" in words(app)


def test_only_moves_that_are_possible_are_offered(visit, city, reported):
    receipt, clerk = reported()
    for user in (clerk, user_of(city, UserRole.HANDLER), user_of(city, UserRole.PLANNER)):
        app = visit(MATTER, "en", user, matter=str(receipt.matter))
        possible = city.matters.possible(city.people.actor(user), receipt.matter)
        pills = [one for one in app.button_group if str(one.key).endswith(".move")]
        assert len(pills[0].options if pills else []) == len(possible)


def test_the_reporters_contact_is_shown_to_who_handles_it_only(visit, city, reported):
    receipt, clerk = reported()
    assert "13800000000" in words(visit(MATTER, "en", clerk, matter=str(receipt.matter)))
    other = user_of(city, UserRole.HANDLER)
    assert "13800000000" not in words(
        visit(MATTER, "en", other, matter=str(receipt.matter))
    )


def test_somebody_elses_move_is_told_and_what_was_typed_is_kept(visit, city, reported):
    receipt, clerk = reported()
    app = choose_move(visit(MATTER, "en", clerk, matter=str(receipt.matter)), Act.REJECT)
    field(app, "text_area", "reason").input("seen twice, nothing there")
    actor = city.people.actor(clerk)
    city.matters.move(
        actor, receipt.matter, Order(Act.NOTE, reason="I am on my way"), version=1
    )
    send(app, "Do not accept")
    assert "Somebody else has changed this meanwhile" in app.warning[0].value
    assert "I am on my way" in words(app)
    assert city.matters.case(receipt.matter).status is Status.REPORTED
    assert field(app, "text_area", "reason").value == "seen twice, nothing there"
    send(app, "Do not accept")
    assert city.matters.case(receipt.matter).status is Status.REJECTED
    assert not app.warning
    assert (
        city.matters.journal(receipt.matter)["reason"].iloc[-1]
        == "seen twice, nothing there"
    )


def test_what_was_typed_stays_where_the_move_is_not_possible_any_more(
    visit, city, reported
):
    receipt, clerk = reported()
    app = choose_move(visit(MATTER, "en", clerk, matter=str(receipt.matter)), Act.REJECT)
    field(app, "text_area", "reason").input("nothing there")
    city.matters.move(
        city.people.actor(clerk), receipt.matter, Order(Act.ACCEPT), version=1
    )
    send(app, "Do not accept")
    assert "**Accept**" in words(app)
    kept = [area.value for area in app.text_area] + [text.value for text in app.text]
    assert "nothing there" in kept


def test_a_refused_move_says_why_and_what_is_possible(visit, city, reported):
    receipt, clerk = reported()
    for lang, reason, possible in (
        ("en", "This move needs: Reason.", "Possible now: Accept"),
        ("zh", "理由", "立案"),
    ):
        app = choose_move(
            visit(MATTER, lang, clerk, matter=str(receipt.matter)), Act.REJECT
        )
        send(app, "Do not accept" if lang == "en" else "不予受理")
        assert reason in app.error[0].value.replace("\\", "")
        assert possible in words(app)
    assert city.matters.case(receipt.matter).version == 1


def test_near_by_matters_of_the_same_kind_are_offered_and_linked(visit, city, reported):
    first, clerk = reported("first")
    second, _ = reported("second")
    app = visit(MATTER, "en", clerk, matter=str(second.matter))
    offered = [
        frame.value for frame in app.dataframe if "distance_m" in frame.value.columns
    ]
    assert first.number in offered[0]["number"].tolist()
    choose_move(app, Act.LINK)
    field(app, "selectbox", "parent").set_value(first.matter)
    send(app, "Link to another matter")
    assert city.matters.case(second.matter).parent == first.matter
    app.button(key="matter.parent").click().run()
    assert app.query_params["matter"] == str(first.matter)


def test_an_extension_is_asked_for_with_a_day(visit, city, reported):
    receipt, clerk = reported()
    actor = city.people.actor(clerk)
    for order in (Order(Act.ACCEPT), Order(Act.HANDLE)):
        city.matters.move(
            actor, receipt.matter, order, version=city.matters.case(receipt.matter).version
        )
    app = choose_move(
        visit(MATTER, "en", clerk, matter=str(receipt.matter)), Act.ASK_EXTENSION
    )
    field(app, "text_area", "reason").input("the part is on order")
    send(app, "Ask for an extension")
    case = city.matters.case(receipt.matter)
    assert case.extension_by == clerk
    assert case.extension_until > case.due_at
    assert "asked for by" in words(app)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_hostile_words_are_shown_as_they_were_written(visit, reported, lang):
    receipt, clerk = reported(HOSTILE)
    app = visit(MATTER, lang, clerk, matter=str(receipt.matter))
    assert HOSTILE in [text.value for text in app.text]
    assert not [
        one
        for one in (*app.markdown, *app.get("html"), *app.caption)
        if "owned" in str(one.proto)
    ]


def test_a_matter_there_is_not_says_what_to_do(visit, city):
    app = visit(MATTER, "en", user_of(city, UserRole.CLERK), matter="999999999")
    assert "There is no matter with this number." in app.warning[0].value
    assert "Choose one in the inbox" in words(app)


def test_an_imported_matter_without_a_journal_can_be_opened(visit, city):
    live = set(city.matters.find(MatterFilter(), limit=100_000)["matter"])
    with city.store.read() as connection:
        number = next(
            one
            for one in connection.scalars(matters.select().with_only_columns(matters.c.id))
            if one not in live
        )
    assert "taken over with an import" in words(
        visit(MATTER, "en", user_of(city, UserRole.DISPATCHER), matter=str(number))
    ).replace("\\", "")


# the list


def test_the_list_follows_state_office_marks_and_words(visit, city, reported):
    receipt, clerk = reported("a lamp with a very odd word: quixotic")
    office = city.people.user(clerk).office
    for parameters, wanted in (
        ({"status": "reported"}, MatterFilter(area=4107, statuses=(Status.REPORTED,))),
        ({"flag": "overdue"}, MatterFilter(area=4107, overdue=True)),
        ({"office": str(office)}, MatterFilter(area=4107, open_only=True, office=office)),
        ({"find": "quixotic"}, MatterFilter(area=4107, open_only=True, text="quixotic")),
        ({"area": "410703"}, MatterFilter(area=410703, open_only=True)),
        ({"cat": "C"}, MatterFilter(area=4107, open_only=True, categories=("C",))),
    ):
        app = visit(MATTERS, "en", clerk, **parameters)
        total = city.matters.count(wanted)
        rows = app.dataframe[0].value if app.dataframe else []
        assert len(rows) == min(total, 100), parameters
        assert (f"of {total:,}" in words(app)) == (total > 0)
    found = visit(MATTERS, "en", clerk, find="quixotic").dataframe[0].value
    assert found["number"].tolist() == [receipt.number]


def test_a_list_with_nothing_says_what_to_do(visit, city):
    app = visit(MATTERS, "en", user_of(city, UserRole.CLERK), find="no such words anywhere")
    assert "No matter fits." in words(app)


def test_a_file_of_the_list_has_every_row_and_runs_nothing(visit, city, reported):
    reported("=HYPERLINK(1)")
    app = visit(MATTERS, "en", user_of(city, UserRole.CLERK), find="HYPERLINK")
    assert {"matters.csv", "matters.xlsx"} <= {
        str(button.key) for button in app.get("download_button")
    }
    view = View("en", city.today, city.today, find="HYPERLINK")
    page = Page(city, Words("en"), view, city.people.actor(user_of(city, UserRole.CLERK)))
    wanted = matterspage.filter_of(page)
    csv = exports.file(matterspage.table(page, wanted), "csv").decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in csv
    sheet = openpyxl.load_workbook(
        BytesIO(exports.file(matterspage.table(page, wanted), "xlsx"))
    ).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "d", "n"}
