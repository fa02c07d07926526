"""The room for imports: files in, history, rejects, and figures on how good the data are."""

import pandas as pd
import pytest
import town

from gridmap.calendar import from_epoch, to_epoch
from gridmap.city.intake.imports import Imports
from gridmap.city.look.quality import CROWDED
from gridmap.errors import InputError
from gridmap.store.opening import open_store

NOW = to_epoch(town.NOW)


@pytest.fixture
def room(tmp_path):
    settings = town.build(tmp_path / "home")
    with open_store(settings) as store:
        yield Imports(store, lambda: NOW)


def rows(count, **columns):
    table = town.grids()
    points = table.geometry.representative_point()
    where = [number % len(points) for number in range(count)]
    category = (
        "E01"
        if "E01" in set(town.categories()["code"])
        else town.categories()["code"].iloc[-1]
    )
    return pd.DataFrame(
        {
            "id": [f"n{number}" for number in range(count)],
            "category": category,
            "reported_at": [
                from_epoch(NOW - 86_400 * 3 - number).isoformat() for number in range(count)
            ],
            "lon": points.x.iloc[where].to_numpy(),
            "lat": points.y.iloc[where].to_numpy(),
        }
    ).assign(**columns)


def test_a_file_comes_in_and_stands_in_the_history(room, tmp_path):
    before = room.quality().reports
    rows(20).to_csv(tmp_path / "a.csv", index=False)
    told = []
    result = room.reports(
        tmp_path / "a.csv", progress=lambda stage, _done, _total: told.append(stage)
    )
    assert (result.accepted, result.rejected) == (20, {})
    assert told
    assert room.history().iloc[0]["files"] == ["a.csv"]
    assert room.quality().reports == before + 20
    assert room.reports([tmp_path / "a.csv"]).already


def test_the_same_file_read_in_another_way_is_another_import(room, tmp_path):
    rows(3).assign(other="x").to_csv(tmp_path / "a.csv", index=False)
    room.reports(tmp_path / "a.csv")
    again = room.reports(tmp_path / "a.csv", mapping={"text": "other"})
    assert not again.already
    assert again.rejected == {"conflict_known": 3}


def test_refused_rows_can_be_looked_at(room, tmp_path):
    rows(4, category=["Z", "Z", "Z", "Z"]).to_csv(tmp_path / "a.csv", index=False)
    result = room.reports(tmp_path / "a.csv")
    assert result.rejected == {"unknown_category": 4}
    assert len(room.rejects(result.import_id)) == 4
    assert len(room.rejects(result.import_id, limit=2)) == 2


def test_workers_of_a_file_become_the_staff_or_nothing_changes(room, tmp_path):
    grid = town.grids()["code"].iloc[0]
    path = tmp_path / "w.csv"
    path.write_text(f"id,name,role,area\n1,张三,网格员,{grid}\n")
    assert room.workers(path).accepted == 1
    path.write_text("id,name,role,area\n1,张三,网格员,12\n")
    with pytest.raises(InputError, match="row 2, field area"):
        room.workers(path)
    path.write_text("id,name,role,area\n1,张三,网格员,410702999999999\n")
    with pytest.raises(InputError, match="row 2, field area: no place of the city"):
        room.workers(path)
    history = room.history()
    assert history["kind"].tolist() == ["workers"]


def test_quality_counts_what_found_its_place_and_what_did_not(room, tmp_path):
    table = rows(10)
    table["lon"] = [None, *table["lon"][1:8], 200.0, 114.9]
    table["category"] = [*table["category"][:1], "Z", *table["category"][2:]]
    table.to_csv(tmp_path / "a.csv", index=False)
    room.reports(tmp_path / "a.csv")
    quality = room.quality()
    first = quality.by_import.iloc[0]
    assert (
        first["rows"],
        first["accepted"],
        first["refused"],
        first["no_coordinates"],
    ) == (10, 6, 4, 1)
    assert first["implausible"] + first["out_of_city"] == 2
    assert quality.located_share == first["located_share"] == 0.7
    assert set(quality.by_reason["reason"]) >= {"no_coordinates", "unknown_category"}


def test_an_import_is_late_when_its_newest_report_is_old(room, tmp_path):
    rows(2).to_csv(tmp_path / "new.csv", index=False)
    room.reports(tmp_path / "new.csv")
    rows(2, id=["o1", "o2"], reported_at="2024-01-01").to_csv(
        tmp_path / "old.csv", index=False
    )
    room.reports(tmp_path / "old.csv")
    quality = room.quality()
    assert quality.by_import["late"].tolist() == [True, False]
    assert quality.late_imports == 1
    assert quality.by_import["delay_days"].iloc[1] == 3.0


def test_reports_without_a_worker_are_counted_by_category(room, tmp_path):
    before = room.quality()
    rows(8, worker=[1, None] * 4).to_csv(tmp_path / "a.csv", index=False)
    room.reports(tmp_path / "a.csv")
    after = room.quality()
    assert after.without_worker == before.without_worker + 4
    assert after.by_category["reports"].sum() == after.reports == before.reports + 8


def test_a_point_that_very_many_reports_share_is_told(room, tmp_path):
    point = rows(1)
    table = rows(CROWDED, lon=point["lon"][0], lat=point["lat"][0])
    table.to_csv(tmp_path / "a.csv", index=False)
    assert room.quality().crowded.empty
    room.reports(tmp_path / "a.csv")
    crowded = room.quality().crowded
    assert crowded["reports"].tolist() == [CROWDED]
    assert crowded["lon"][0] == pytest.approx(point["lon"][0], abs=1e-5)
    assert crowded["lat"][0] == pytest.approx(point["lat"][0], abs=1e-5)
