"""The rota of the centres: who is on duty when, who is noted, which windows lack their unit."""

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
import town
from hypothesis import given
from hypothesis import strategies as st

from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.cases.actors import NOBODY, Actor
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.city.town import rota
from gridmap.errors import ForbiddenError, InputError, NotFoundError
from gridmap.model import OfficeKind, UserRole
from gridmap.store.tables import duties, holidays, offices
from gridmap.store.town.windows import KINDS, RESIDENT, ROTATING, add_windows

TUESDAY = date(2024, 5, 21)
CENTRE, TOWN_CENTRE, OTHER = 11, 12, 13
CENTRE_AREA = 410702
CLERK = Actor(5, UserRole.CLERK, "张敏", CENTRE, (410702,))
CHIEF = Actor(6, UserRole.CHIEF, "李强", 0, (410702,))
STRANGER = Actor(7, UserRole.CLERK, "王芳", OTHER, (410703,))


@pytest.fixture
def windows(tmp_path):
    """Three centres, two in county 410702, on the Tuesday of the town at 08:46; four
    windows in the first.
    """
    settings = town.build(tmp_path, rows=[])
    city = City.open(settings, clock=StoppedClock(town.NOW))
    with city.store.write() as connection:
        connection.execute(
            offices.insert(),
            [
                _office(CENTRE, OfficeKind.COUNTY, "红旗区中心", 410702),
                _office(TOWN_CENTRE, OfficeKind.TOWNSHIP, "小店镇中心", 410702001),
                _office(OTHER, OfficeKind.COUNTY, "卫滨区中心", 410703),
            ],
        )
        add_windows(
            connection,
            [
                _window(CENTRE, "综治", "司法局", RESIDENT, (1, 2, 3, 4, 5)),
                _window(CENTRE, "综治", "法院", ROTATING, (2, 4)),
                _window(CENTRE, "民生", "人社局", ROTATING, (1, 3)),
                _window(CENTRE, "应急", "消防", ROTATING, (2, 6)),
                _window(TOWN_CENTRE, "综治", "派出所", RESIDENT, (1, 2, 3, 4, 5)),
                _window(OTHER, "综治", "信访局", RESIDENT, (1, 2, 3, 4, 5)),
            ],
        )
    yield city.windows
    city.close()


def _office(number, kind, name, area):
    return {
        "id": number,
        "kind": kind.value,
        "name": name,
        "name_en": "Centre",
        "area": area,
    }


def _window(office, platform, unit, kind, weekdays):
    return {
        "office": office,
        "platform": platform,
        "unit": unit,
        "kind": kind,
        "weekdays": weekdays,
    }


def test_a_unit_is_on_duty_on_its_days(windows):
    table = windows.rota(CENTRE, TUESDAY)
    assert table.columns.tolist() == [
        "window",
        "platform",
        "unit",
        "kind",
        "on_duty",
        "person",
        "present_at",
        "missing",
    ]
    assert dict(zip(table["unit"], table["on_duty"], strict=True)) == {
        "司法局": True,
        "法院": True,
        "人社局": False,
        "消防": True,
    }


def test_a_click_notes_presence_and_the_window_is_no_longer_missing(windows):
    before = windows.rota(CENTRE, TUESDAY)
    assert before["missing"].tolist() == [True, True, False, True]
    window = int(before["window"][0])
    windows.note_presence(CLERK, window, "  周  立 ")
    after = windows.rota(CENTRE, TUESDAY)
    assert after["missing"].tolist() == [False, True, False, True]
    assert after["person"][0] == "周 立"
    assert after["present_at"][0] == to_epoch(town.NOW)
    assert windows.usual(CENTRE) == {window: "周 立"}


def test_a_second_click_puts_the_name_right_and_adds_nothing(windows):
    window = int(windows.rota(CENTRE, TUESDAY)["window"][0])
    windows.note_presence(CLERK, window, "周立")
    windows.note_presence(CHIEF, window, "周莉")
    with windows._desk.store.read() as connection:
        found = connection.execute(duties.select()).all()
    assert [(row.window, row.person, row.by) for row in found] == [
        (window, "周莉", CHIEF.user)
    ]


def test_a_presence_noted_by_mistake_is_taken_back_once(windows):
    window = int(windows.rota(CENTRE, TUESDAY)["window"][0])
    windows.note_presence(CLERK, window, "周立")
    windows.withdraw_presence(CLERK, window)
    assert windows.rota(CENTRE, TUESDAY)["missing"][0]
    with pytest.raises(NotFoundError):
        windows.withdraw_presence(CLERK, window)


@pytest.mark.parametrize(
    "actor", [STRANGER, NOBODY, Actor(8, UserRole.GRID_WORKER, "", CENTRE, (410702,))]
)
def test_presence_is_not_noted_from_elsewhere(windows, actor):
    window = int(windows.rota(CENTRE, TUESDAY)["window"][0])
    with pytest.raises(ForbiddenError):
        windows.note_presence(actor, window, "周立")
    assert windows.rota(CENTRE, TUESDAY)["person"].tolist() == ["", "", "", ""]
    assert not windows.may_note(actor, CENTRE)


def test_no_presence_at_a_window_that_is_not_there(windows):
    with pytest.raises(NotFoundError):
        windows.note_presence(CHIEF, 999, "周立")


@pytest.mark.parametrize("name", ["", "  ", "a" * 41, "周\x00立", "周\u202e立"])
def test_a_name_that_cannot_be_shown_is_refused(windows, name):
    window = int(windows.rota(CENTRE, TUESDAY)["window"][0])
    with pytest.raises(InputError) as caught:
        windows.note_presence(CLERK, window, name)
    assert [fault.field for fault in caught.value.faults] == ["person"]


def test_missing_windows_are_listed_for_an_area_and_counted_for_counties(windows):
    window = int(windows.rota(CENTRE, TUESDAY)["window"][0])
    windows.note_presence(CLERK, window, "周立")
    missing = windows.missing(4107, TUESDAY)
    assert list(zip(missing["office"], missing["unit"], strict=True)) == [
        (CENTRE, "法院"),
        (CENTRE, "消防"),
        (TOWN_CENTRE, "派出所"),
        (OTHER, "信访局"),
    ]
    assert windows.missing(410702001, TUESDAY)["unit"].tolist() == ["派出所"]
    counts = windows.counts(4107, TUESDAY)
    assert counts.to_dict("list") == {
        "area": [410702, 410703],
        "centres": [2, 1],
        "windows": [5, 1],
        "on_duty": [4, 1],
        "present": [1, 0],
        "missing": [3, 1],
    }


def test_nobody_is_missing_before_opening_or_in_days_to_come(windows, tmp_path):
    early = City.open(
        windows._desk.settings,
        clock=StoppedClock(datetime(2024, 5, 21, 8, 40, tzinfo=TIME_ZONE)),
    ).windows
    assert not early.rota(CENTRE, TUESDAY)["missing"].any()
    assert not windows.rota(CENTRE, TUESDAY + timedelta(days=1))["missing"].any()
    assert windows.rota(CENTRE, TUESDAY - timedelta(days=1))["missing"].sum() == 2
    early._desk.store.close()


def test_a_week_runs_from_monday_to_sunday(windows):
    week = windows.week(CENTRE, TUESDAY)
    assert sorted(set(week["day"])) == [
        date(2024, 5, 20) + timedelta(days=n) for n in range(7)
    ]
    court = week[week["unit"] == "法院"]
    assert court["on_duty"].tolist() == [False, True, False, True, False, False, False]
    fire = week[week["unit"] == "消防"]
    assert fire["on_duty"].tolist() == [False, True, False, False, False, True, False]


@pytest.mark.parametrize(
    ("day", "kind", "weekdays", "expected"),
    [
        (date(2024, 5, 1), RESIDENT, (1, 2, 3, 4, 5), False),  # a Wednesday, public holiday
        (
            date(2024, 5, 11),
            RESIDENT,
            (1, 2, 3, 4, 5),
            True,
        ),  # a Saturday, make-up working day
        (date(2024, 5, 11), ROTATING, (2, 4), False),
        (date(2024, 5, 11), ROTATING, (6,), True),
        (date(2024, 5, 18), RESIDENT, (1, 2, 3, 4, 5), False),  # an ordinary Saturday
        (date(2024, 5, 18), ROTATING, (2, 6), True),
        (date(2024, 5, 18), RESIDENT, (), False),
    ],
)
def test_holidays_and_make_up_days_count(windows, day, kind, weekdays, expected):
    with windows._desk.store.write() as connection:
        add_windows(connection, [_window(OTHER, "综治", "试验", kind, weekdays)])
    found = windows._days(day, day, office=OTHER)
    assert found.loc[found["unit"] == "试验", "on_duty"].tolist() == [expected]


def test_the_plan_is_changed_by_who_leads_and_duties_stay_on_record(windows):
    plan = windows.plan(CENTRE)
    first, second = plan["window"][:2]
    windows.note_presence(CLERK, int(first), "周立")
    changed = pd.concat(
        [
            plan.iloc[2:],
            pd.DataFrame(
                [
                    {
                        "window": None,
                        "platform": "综治",
                        "unit": "检察院",
                        "kind": RESIDENT,
                        "weekdays": "1，2,3",
                    }
                ]
            ),
        ]
    )
    with pytest.raises(ForbiddenError):
        windows.save_plan(CLERK, CENTRE, changed)
    windows.save_plan(CHIEF, CENTRE, changed)
    assert windows.plan(CENTRE)["unit"].tolist() == ["人社局", "消防", "检察院"]
    assert windows.plan(CENTRE)["weekdays"].tolist() == [[1, 3], [2, 6], [1, 2, 3]]
    today = windows.rota(CENTRE, TUESDAY)
    assert today.loc[
        today["window"] == first, ["person", "on_duty"]
    ].to_numpy().tolist() == [["周立", False]]
    assert second not in set(today["window"])


def test_a_plan_with_faults_is_refused_whole_with_all_of_them(windows):
    plan = windows.plan(CENTRE)
    stranger = int(windows.plan(OTHER)["window"][0])
    bad = pd.DataFrame(
        [
            {
                "window": stranger,
                "platform": "综治",
                "unit": "司法局",
                "kind": RESIDENT,
                "weekdays": [1],
            },
            {
                "window": 0,
                "platform": "",
                "unit": "司\x00法局",
                "kind": "sometimes",
                "weekdays": [0, 9],
            },
            {
                "window": plan["window"][0],
                "platform": "综治",
                "unit": "甲",
                "kind": RESIDENT,
                "weekdays": [],
            },
            {
                "window": plan["window"][0],
                "platform": "综治",
                "unit": "乙",
                "kind": RESIDENT,
                "weekdays": ["x"],
            },
        ]
    )
    with pytest.raises(InputError) as caught:
        windows.save_plan(CHIEF, CENTRE, bad)
    assert [(fault.row, fault.field) for fault in caught.value.faults] == [
        (1, "window"),
        (2, "platform"),
        (2, "unit"),
        (2, "kind"),
        (2, "weekdays"),
        (3, "weekdays"),
        (4, "weekdays"),
        (0, "window"),
    ]
    pd.testing.assert_frame_equal(windows.plan(CENTRE), plan)


@given(
    day=st.dates(date(2021, 1, 1), date(2030, 12, 31)),
    kind=st.sampled_from(KINDS),
    weekdays=st.frozensets(st.integers(1, 7)),
    working=st.booleans(),
)
def test_a_unit_without_days_is_never_on_duty_and_more_days_never_mean_less_duty(
    day, kind, weekdays, working
):
    assert not rota.on_duty(day, kind, (), working=working)
    if rota.on_duty(day, kind, weekdays, working=working):
        assert rota.on_duty(day, kind, weekdays | {1}, working=working)


@given(st.text())
def test_whatever_is_typed_as_weekdays_gives_numbers(text):
    (row,) = rota.tidy(
        pd.DataFrame(
            [
                {
                    "window": 0,
                    "platform": "a",
                    "unit": "b",
                    "kind": RESIDENT,
                    "weekdays": text,
                }
            ]
        )
    )
    assert all(isinstance(day, int) for day in row["weekdays"])


def test_platforms_and_units_have_names_in_two_languages(windows):
    plan = windows.plan(CENTRE)
    plan.loc[plan["unit"] == "法院", ["platform_en", "unit_en"]] = ["Governance", "Court"]
    windows.save_plan(CHIEF, CENTRE, plan)
    court = windows.rota(CENTRE, TUESDAY, "en").set_index("unit")
    assert court.loc["Court", "platform"] == "Governance"
    assert windows.rota(CENTRE, TUESDAY)["unit"].tolist() == [
        "司法局",
        "法院",
        "人社局",
        "消防",
    ]
    assert "Court" in set(windows.week(CENTRE, TUESDAY, "en")["unit"])
    assert "Court" in set(windows.missing(CENTRE_AREA, TUESDAY, "en")["unit"])


def test_the_city_s_own_holidays_count(windows):
    with windows._desk.store.write() as connection:
        connection.execute(
            holidays.insert(), [{"day": TUESDAY, "working": False, "note": "停电"}]
        )
    assert not windows.rota(CENTRE, TUESDAY)["on_duty"].any()
    assert windows.counts(4107, TUESDAY)["missing"].tolist() == [0, 0]
