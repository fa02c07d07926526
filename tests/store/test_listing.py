"""Rows for people: the newest of a place, their texts from the truth, nothing else of the
machine.
"""

from datetime import date

import duckdb
import pytest
from world import LOWER_LEFT, NOW, reports

from gridmap.store.intake.imports import import_reports
from gridmap.store.look import columns
from gridmap.store.look.listing import confined, recent


@pytest.fixture
def filled(town):
    lon = [f"{113.05 + number % 2 * 0.1:.2f}" for number in range(1, 101)]
    import_reports(
        town,
        [reports(range(1, 101), lon=lon, lat=["35.05"] * 100)],
        files=["test"],
        now=NOW,
    )
    return town


def test_the_newest_come_first_and_no_more_than_asked(filled):
    table = recent(filled, area=4107, limit=10)
    assert len(table) == 10
    assert table["reported_at"].is_monotonic_decreasing
    assert (
        table["reported_at"].iloc[0]
        == recent(filled, area=4107, limit=1000)["reported_at"].max()
    )


def test_a_place_has_its_own(filled):
    table = recent(filled, area=LOWER_LEFT, limit=1000)
    assert len(table) == 50
    assert set(table["grid"]) == {LOWER_LEFT}
    assert len(recent(filled, area=410703, limit=10)) == 0


def test_category_status_and_days_narrow_it_down(filled):
    everything = recent(filled, area=4107, limit=1000)
    table = recent(
        filled,
        area=4107,
        category=[4],
        status=[4],
        start=date(2024, 5, 15),
        end=date(2024, 5, 16),
        limit=1000,
    )
    local = (everything["reported_at"] + 8 * 3600) // 86_400
    wanted = everything[
        (everything["category"] == 4)
        & (everything["status"] == 4)
        & local.between(*(19_858, 19_859))
    ]
    assert len(wanted) > 5
    assert table["id"].tolist() == wanted["id"].tolist()


def test_texts_come_from_the_truth(filled):
    table = recent(filled, area=4107, limit=1000)
    assert set(table["text"]) == {"路灯不亮", ""}


def test_a_city_without_reports_has_an_empty_list(town):
    table = recent(town, area=4107, limit=5)
    assert table.empty
    assert {"id", "grid", "text"} <= set(table.columns)


def test_the_query_engine_reads_nothing_outside_its_folder(filled, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with confined(columns.folder(filled)) as database:
        with pytest.raises(duckdb.PermissionException):
            database.execute("SELECT * FROM read_csv(?)", [str(secret)])
        with pytest.raises(duckdb.Error):
            database.execute("SET enable_external_access=true")
