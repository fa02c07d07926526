"""The import of reports, rule by rule: what is right appears together, the rest is refused
with its reason.
"""

import csv
import json

import pandas as pd
import pytest
from sqlalchemy import select
from world import (
    CODES,
    LOWER_LEFT,
    LOWER_RIGHT,
    NOW,
    UPPER_LEFT,
    UPPER_RIGHT,
    grids,
    reports,
    truth,
)

from gridmap.errors import ConflictError, NotFoundError
from gridmap.sources.reports import read_reports
from gridmap.store.flow.categories import replace_categories
from gridmap.store.intake import imports, staging
from gridmap.store.intake.imports import import_reports, read_imports, read_rejects
from gridmap.store.look import columns
from gridmap.store.look.facts import load
from gridmap.store.plans.plans import publish_plan
from gridmap.store.tables import categories, events, matters


def take_in(store, *tables, now=NOW, **more):
    return import_reports(store, iter(tables), files=["test"], now=now, **more)


def reasons(store, **changed):
    """How one report is judged when these columns of it are changed."""
    row = {name: str(value) for name, value in changed.items()}
    return take_in(store, reports([1]).assign(**row)).rejected


def test_right_reports_are_stored_with_the_grid_they_lie_in(town):
    table = reports(
        range(1, 5),
        lon=["113.05", "113.15", "113.05", "113.15"],
        lat=["35.05", "35.05", "35.15", "35.15"],
    )
    result = take_in(town, table)
    assert (result.rows, result.accepted, result.rejected, result.reject_file) == (
        4,
        4,
        {},
        None,
    )
    rows = truth(town)
    assert [row["grid"] for row in rows] == [
        LOWER_LEFT,
        LOWER_RIGHT,
        UPPER_LEFT,
        UPPER_RIGHT,
    ]
    assert {row["plan"] for row in rows} == {1}
    assert rows[0]["text"] == "路灯不亮"
    assert rows[3]["worker"] is None
    assert rows[3]["text"] is None


def test_a_point_on_a_shared_corner_belongs_to_the_lowest_code(town):
    take_in(town, reports([1], lon=["113.1"], lat=["35.1"]))
    assert truth(town)[0]["grid"] == LOWER_LEFT


def test_each_imported_matter_has_one_event(town):
    take_in(town, reports(range(1, 30)))
    with town.read() as connection:
        journal = connection.execute(
            select(events.c.matter, events.c.kind, events.c.at).order_by(events.c.matter)
        ).all()
        numbers = (
            connection.execute(select(matters.c.id).order_by(matters.c.id)).scalars().all()
        )
    assert [row.matter for row in journal] == numbers
    assert {(row.kind, row.at) for row in journal} == {("imported", NOW)}


def test_the_columns_hold_what_was_imported(town):
    take_in(town, reports(range(1, 30)))
    facts = load(town, grid_codes=grids()["code"].to_numpy())
    assert len(facts) == 29
    assert facts.grid.max() < len(CODES)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"id": ""}, "missing_id"),
        ({"id": "x" * 300}, "malformed"),
        ({"lon": ""}, "no_coordinates"),
        ({"lat": "nan"}, "not_a_number"),
        ({"lon": "east"}, "not_a_number"),
        ({"lon": "1e999"}, "not_a_number"),
        ({"lon": "113.3"}, None),
        ({"lon": "35.05", "lat": "113.05"}, "implausible_coordinates"),
        ({"lon": "0", "lat": "0"}, "implausible_coordinates"),
        ({"lon": "113.205"}, "out_of_city"),
        ({"category": "Z99"}, "unknown_category"),
        ({"category": ""}, "unknown_category"),
        ({"reported_at": ""}, "not_a_time"),
        ({"reported_at": "yesterday"}, "not_a_time"),
        ({"closed_at": "soon"}, "not_a_time"),
        ({"reported_at": "1999-12-31T23:59:59+08:00"}, "impossible_time"),
        (
            {"reported_at": str(NOW + 1), "accepted_at": "", "closed_at": "", "due_at": ""},
            "impossible_time",
        ),
        ({"closed_at": "2020-01-01"}, "impossible_time"),
        ({"accepted_at": "2030-01-01"}, "impossible_time"),
        ({"due_at": "2020-01-01"}, "impossible_time"),
        ({"status": "lost"}, "unknown_status"),
        ({"channel": "pigeon"}, "unknown_channel"),
        ({"worker": "Zhang"}, "not_a_number"),
        ({"worker": "99999999999"}, "not_a_number"),
    ],
)
def test_a_wrong_report_is_refused_under_its_reason(town, changed, reason):
    if reason is None:
        changed, reason = {**changed, "lat": "36.9"}, "implausible_coordinates"
    assert reasons(town, **changed) == {reason: 1}
    assert truth(town) == []


@pytest.mark.parametrize(
    ("changed", "column", "value"),
    [
        ({"category": "暴露垃圾"}, "category", 4),
        ({"category": "e01"}, "category", 4),
        ({"status": "已办结"}, "status", 4),
        ({"status": "", "closed_at": ""}, "status", 1),
        ({"status": "", "closed_at": "", "accepted_at": ""}, "status", 0),
        ({"channel": ""}, "channel", 3),
        ({"worker": "12.0"}, "worker", 12),
        (
            {"reported_at": str(NOW), "accepted_at": "", "closed_at": "", "due_at": ""},
            "reported_at",
            NOW,
        ),
    ],
)
def test_what_is_said_in_other_words_is_understood(town, changed, column, value):
    assert reasons(town, **changed) == {}
    assert truth(town)[0][column] == value


def test_a_row_with_many_faults_is_counted_once_under_the_first(town):
    assert reasons(town, id="", lon="", category="Z") == {"missing_id": 1}


def test_each_row_far_away_is_told_its_own_cure_in_both_languages(town):
    far = reports(range(1, 5)).astype({"lon": object, "lat": object})
    far.loc[0, ["lon", "lat"]] = far.loc[0, ["lat", "lon"]].tolist()
    far.loc[1, ["lon", "lat"]] = ["12600000", "4170000"]
    far.loc[2, ["lon", "lat"]] = ["116.4", "39.9"]
    result = take_in(town, far)
    assert result.rejected == {"implausible_coordinates": 3}
    cures = read_rejects(town, result.import_id)["cure"]
    told = zip(
        cures,
        ("swapped", "EPSG:3857", "Check the axis order"),
        ("颠倒", "米制", "核对"),
        strict=True,
    )
    assert all(english in cure and chinese in cure for cure, english, chinese in told), (
        cures.tolist()
    )


def test_a_repeated_row_is_refused_as_a_duplicate_and_another_content_as_a_conflict(town):
    table = reports([1, 2, 3, 1, 2], text=["a", "b", "c", "a", "other"])
    result = take_in(town, table)
    assert result.accepted == 3
    assert result.rejected == {"duplicate_in_file": 1, "conflict_in_file": 1}
    assert read_rejects(town, result.import_id)["row"].tolist() == [4, 5]


def test_a_wrong_row_does_not_stand_in_the_way_of_the_right_one(town):
    assert take_in(town, reports([1, 1], lon=["", "113.05"])).accepted == 1


def test_known_reports_are_refused_as_duplicates_or_conflicts(town):
    take_in(town, reports(range(1, 10)))
    before = truth(town)
    again = reports(range(5, 12))
    again.loc[0, "text"] = "something else"
    result = take_in(town, again)
    assert result.accepted == 2
    assert result.rejected == {"duplicate_known": 4, "conflict_known": 1}
    assert truth(town)[: len(before)] == before


def test_the_same_file_twice_adds_nothing(town, tmp_path):
    path = tmp_path / "a.csv"
    reports(range(1, 10), lon=[""] + ["113.05"] * 8).to_csv(path, index=False)
    first = import_reports(town, read_reports([path]), files=[path], now=NOW)
    second = import_reports(town, read_reports([path]), files=[path], now=NOW)
    assert (second.already, second.import_id, second.accepted) == (True, first.import_id, 0)
    assert second.rejected == first.rejected
    assert len(read_imports(town)) == 1


def test_a_file_is_read_again_once_a_new_category_can_make_its_rows_right(town, tmp_path):
    path = tmp_path / "a.csv"
    reports([1, 2], category=["E01", "E02"]).to_csv(path, index=False)
    assert import_reports(town, read_reports([path]), files=[path], now=NOW).rejected == {
        "unknown_category": 1
    }
    with town.read() as connection:
        tree = pd.DataFrame(connection.execute(select(categories)).mappings().all()).drop(
            columns="id"
        )
    replace_categories(
        town, pd.concat([tree, pd.DataFrame({"code": ["E02"], "zh": ["新"]})])
    )
    again = import_reports(town, read_reports([path]), files=[path], now=NOW)
    assert (again.accepted, again.rejected) == (1, {"duplicate_known": 1})


def test_a_file_is_read_again_once_its_future_has_come(town, tmp_path):
    path = tmp_path / "a.csv"
    reports(
        [1], reported_at=[str(NOW + 60)], accepted_at=[""], due_at=[""], closed_at=[""]
    ).to_csv(path, index=False)
    assert import_reports(town, read_reports([path]), files=[path], now=NOW).rejected == {
        "impossible_time": 1
    }
    assert (
        import_reports(town, read_reports([path]), files=[path], now=NOW + 60).accepted == 1
    )


def test_the_reject_file_names_row_field_value_and_cure_and_keeps_the_row(town, tmp_path):
    path = tmp_path / "上报.csv"
    table = reports(
        [1, 2], text=["=HYPERLINK(1)", "@x"], lon=["-5", "113.05"], category=["E01", "+Z"]
    )
    table.rename(columns={"lon": "经度", "id": "编号"}).to_csv(path, index=False)
    result = import_reports(town, read_reports([path]), files=[path], now=NOW)
    assert result.reject_file.read_bytes().startswith(b"\xef\xbb\xbf")
    with result.reject_file.open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["file"], first["row"], first["field"], first["reason"]) == (
        "上报.csv",
        "2",
        "lon,lat",
        "implausible_coordinates",
    )
    assert first["value"].startswith("'-5,")
    assert (first["original.编号"], first["original.经度"]) == ("r00001", "-5")
    assert first["original.text"] == "'=HYPERLINK(1)"
    assert (second["value"], second["original.text"]) == ("'+Z", "'@x")
    assert second["cure"]


def test_refused_rows_of_files_with_other_columns_stand_in_one_file(town, tmp_path):
    for name, column in (("a", "备注一"), ("b", "备注二")):
        reports([1], lon=["x"]).assign(**{column: name}).to_csv(
            tmp_path / f"{name}.csv", index=False
        )
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    result = import_reports(town, read_reports(files), files=files, now=NOW)
    table = read_rejects(town, result.import_id)
    assert table["original.备注一"].tolist() == ["a", ""]
    assert table["original.备注二"].tolist() == ["", "b"]
    assert table["file"].tolist() == ["a.csv", "b.csv"]


def test_the_history_tells_what_every_import_did(town):
    result = take_in(town, reports(range(1, 5), lon=["", "113.05", "113.05", "113.05"]))
    row = read_imports(town).iloc[0]
    assert (
        row["id"],
        row["kind"],
        row["state"],
        row["rows"],
        row["accepted"],
        row["refused"],
    ) == (
        result.import_id,
        "reports",
        "visible",
        4,
        3,
        1,
    )
    assert row["rejected"] == {"no_coordinates": 1}
    assert row["reported_to"] > row["reported_from"]


def test_an_import_that_fails_while_reading_leaves_nothing(town):
    def broken():
        yield reports(range(1, 20))
        raise ValueError("the disk is gone")

    with pytest.raises(ValueError, match="the disk is gone"):
        import_reports(town, broken(), files=["test"], now=NOW)
    assert truth(town) == []
    assert read_imports(town)["state"].tolist() == ["discarded"]
    assert list((town.home / "staging").iterdir()) == []
    assert take_in(town, reports(range(1, 20))).accepted == 19


def test_a_city_without_grids_takes_no_reports(store):
    with pytest.raises(NotFoundError, match="import grids"):
        take_in(store, reports([1]))


def test_two_imports_at_once_are_refused(town):
    with (
        staging.only_import(town, demand=True),
        pytest.raises(ConflictError, match="Another import"),
    ):
        take_in(town, reports([1]))


def test_rejects_of_an_unknown_import_are_not_found(town):
    with pytest.raises(NotFoundError):
        read_rejects(town, 7)


def test_a_report_that_came_in_by_itself_meanwhile_is_not_stored_twice(town):
    def meanwhile():
        yield reports(range(1, 5))
        with town.write() as connection:
            for number, text in ((2, None), (3, "another text")):
                row = dict(
                    zip(reports([number]).columns, reports([number]).iloc[0], strict=True)
                )
                connection.execute(
                    matters.insert().values(_as_stored(row) | {"text": text})
                )

    result = import_reports(town, meanwhile(), files=["test"], now=NOW)
    assert result.accepted == 2
    assert result.rejected == {"duplicate_known": 1, "conflict_known": 1}
    assert read_rejects(town, result.import_id)["value"].tolist() == ["r00002", "r00003"]
    assert len(truth(town)) == 4
    assert columns.manifest(town).rows == 4


def _as_stored(row):
    number = {"E01": 4, "C01": 2}[row["category"]]
    whole = {
        name: int(row[name]) if row[name] else None
        for name in ("reported_at", "accepted_at", "due_at", "closed_at", "worker")
    }
    return {
        "client_id": row["id"],
        "category": number,
        "grid": LOWER_LEFT,
        "plan": 1,
        "lon": float(row["lon"]),
        "lat": float(row["lat"]),
        "status": 4 if row["status"] == "closed" else 3,
        "channel": 0,
        **whole,
    }


def test_progress_names_every_stage(town):
    told = []
    take_in(
        town, reports(range(1, 50)), progress=lambda stage, done, total: told.append(stage)
    )
    assert list(dict.fromkeys(told)) == ["reading", "committing", "publishing", "columns"]


def test_later_rows_follow_the_plan_in_force(town):
    take_in(town, reports(range(1, 5)))
    publish_plan(town, grids().iloc[:2], name="second", valid_from="2024-01-01")
    result = take_in(town, reports(range(5, 40)))
    assert result.rejected["out_of_city"] > 0
    assert {row["plan"] for row in truth(town)} == {1, 2}


def test_the_manifest_of_a_staged_import_is_written_last(town, monkeypatch):
    sealed = []
    original = staging.Staging.seal

    def seal(self, staged):
        sealed.append((self.is_complete, staged.rows, json.dumps(staged.rejected)))
        original(self, staged)

    monkeypatch.setattr(staging.Staging, "seal", seal)
    take_in(town, reports([1]))
    assert sealed == [(False, 1, "{}")]
    assert imports.read_imports(town)["state"].tolist() == ["visible"]


def test_any_text_is_stored_as_it_was_written(town):
    texts = ['a, "b"\nc', "\\N", "\\.", "'x", "；\tY", "NULL", "😀", '""']
    take_in(town, reports(range(1, 9), text=texts))
    assert [row["text"] for row in truth(town)] == texts
