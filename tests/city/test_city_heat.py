import pytest
import town

from gridmap.errors import InputError
from gridmap.model import Level


@pytest.fixture(scope="module")
def month(city):
    return city.default_selection(30)


def test_places_show_counts_and_the_rate_asked_for(city, month):
    found = city.heat.per_area(month, Level.TOWNSHIP, rate="per_100_households")
    assert (
        found["count"].sum()
        == city.heat.per_area(month, Level.GRID, rate="count")["value"].sum()
    )
    assert found["value"].tolist() == pytest.approx(
        (100 * found["count"] / found["households"]).tolist()
    )
    assert found["name"].tolist() == ["小店镇", "关堤乡", "平原镇", "胜利街道"]


def test_the_density_lies_over_the_town_and_holds_its_reports(city, month):
    found = city.heat.kernel(month)
    west, south, east, north = found.bounds
    assert west < town.WEST < east
    assert south < town.SOUTH < north
    assert found.reports == city.heat.histogram(month)["count"].sum()


def test_time_is_told_in_days_weeks_and_months(city, month):
    days = city.heat.histogram(month, step="day")
    assert len(days) == 30
    assert city.heat.histogram(month, step="month")["start"].dt.strftime(
        "%Y-%m-%d"
    ).tolist() == [
        "2024-04-21",
        "2024-05-01",
    ]
    assert city.heat.hours(month).sum() == days["count"].sum()


def test_playback_holds_every_report(city, month):
    found = city.heat.frames(month, Level.GRID, step="week")
    assert found.values.shape == (6, 16)
    assert found.values.sum() == city.heat.histogram(month)["count"].sum()


def test_the_mix_of_categories_adds_up_to_a_hundred(city, month):
    found = city.heat.mix(month, lang="en")
    assert found["share"].sum() == pytest.approx(100)
    assert set(found["name"]) == {"Manhole", "Street lamp", "Neighbours", "Labour"}
    assert found["count"].is_monotonic_decreasing


def test_unknown_rates_and_steps_are_refused(city, month):
    with pytest.raises(InputError):
        city.heat.per_area(month, Level.GRID, rate="per_dog")
    with pytest.raises(InputError):
        city.heat.histogram(month, step="hour")
