"""The columns follow the truth, can be made again from it, and never show half of a change."""

import pyarrow.parquet as pq
import pytest
from sqlalchemy import insert, update
from world import LOWER_LEFT, NOW, UPPER_RIGHT, reports

from gridmap.errors import ConflictError
from gridmap.store.intake import staging
from gridmap.store.intake.imports import import_reports
from gridmap.store.look import columns
from gridmap.store.look.matters import add_matter, texts
from gridmap.store.tables import events, matters

MONTH_S = 31 * 86_400


def rows(store):
    """All rows of the columns, by number."""
    place = columns.folder(store)
    found = [
        row
        for part in columns.manifest(store).parts
        for row in columns.read_part(place, part).to_pylist()
    ]
    return sorted(found, key=lambda row: row["id"])


def add(store, name, at=NOW - 60, **more):
    return add_matter(
        store,
        client_id=name,
        category=4,
        grid=LOWER_LEFT,
        plan=1,
        lon=113.05,
        lat=35.05,
        reported_at=at,
        **more,
    )


def test_following_an_import_gives_the_same_as_making_them_again(town, monkeypatch):
    monkeypatch.setattr(staging, "COMMIT_ROWS", 7)
    add(town, "live")
    import_reports(town, [reports(range(1, 60))], files=["test"], now=NOW)
    followed = rows(town)
    columns.rebuild(town)
    assert rows(town) == followed
    assert len(followed) == 60


def test_a_month_is_sorted_by_time(town):
    import_reports(town, [reports(range(1, 500))], files=["test"], now=NOW)
    assert len(columns.manifest(town).parts) > 1
    for part in columns.manifest(town).parts:
        times = columns.read_part(columns.folder(town), part)["reported_at"].to_pylist()
        assert times == sorted(times)


def test_matters_that_came_in_by_themselves_are_followed(town):
    add(town, "a")
    columns.refresh(town)
    add(town, "b", at=NOW - MONTH_S)
    columns.refresh(town)
    assert [row["id"] for row in rows(town)] == [1, 2]
    assert len(columns.manifest(town).parts) == 2


def test_a_plain_insert_is_followed(town):
    with town.write() as connection:
        connection.execute(
            insert(matters).values(
                client_id="x",
                category=4,
                grid=LOWER_LEFT,
                plan=1,
                lon=113.05,
                lat=35.05,
                reported_at=NOW,
                status=0,
                channel=0,
            )
        )
    columns.refresh(town)
    assert len(rows(town)) == 1


@pytest.mark.parametrize("imported", [True, False])
def test_a_matter_that_changed_is_shown_as_it_is_now(town, imported):
    if imported:
        import_reports(town, [reports([1])], files=["test"], now=NOW)
    else:
        add(town, "a")
        columns.refresh(town)
    number = rows(town)[0]["id"]
    with town.write() as connection:
        connection.execute(
            update(matters)
            .where(matters.c.id == number)
            .values(grid=UPPER_RIGHT, closed_at=NOW)
        )
        connection.execute(insert(events).values(matter=number, kind="closed", at=NOW))
    columns.refresh(town)
    assert [(row["grid"], row["closed_at"]) for row in rows(town)] == [(UPPER_RIGHT, NOW)]


def test_a_new_matter_that_changed_at_once_is_there_once(town):
    number = add(town, "a")
    with town.write() as connection:
        connection.execute(insert(events).values(matter=number, kind="accepted", at=NOW))
    columns.refresh(town)
    assert len(rows(town)) == 1


def test_nothing_new_leaves_the_version_alone(town):
    add(town, "a")
    columns.refresh(town)
    before = columns.version(town)
    columns.refresh(town)
    assert columns.version(town) == before
    add(town, "b")
    columns.refresh(town)
    assert columns.version(town) != before


def test_making_them_again_changes_the_version(town):
    before = columns.version(town)
    columns.rebuild(town)
    assert columns.version(town) != before


def test_a_failure_while_writing_leaves_the_former_state(town, monkeypatch):
    add(town, "a")
    columns.refresh(town)
    add(town, "b")

    def fail(*_args, **_more):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(pq, "write_table", fail)
        with pytest.raises(OSError, match="disk full"):
            columns.refresh(town)
    assert len(rows(town)) == 1
    columns.refresh(town)
    assert len(rows(town)) == 2


def test_a_reader_whose_files_were_replaced_starts_over(town):
    add(town, "a")
    columns.refresh(town)
    seen = []

    def read(content, place):
        if not seen:
            for name in ("b", "c"):
                add(town, name)
                columns.refresh(town)
        seen.append(content.rows)
        return sum(columns.read_part(place, part).num_rows for part in content.parts)

    assert columns.stable(town, read) == 3
    assert seen == [1, 3]


def test_the_same_report_again_is_the_same_matter(town):
    first = add(town, "a", text="路灯不亮")
    assert add(town, "a", text="路灯不亮") == first
    assert texts(town, [first]) == {first: "路灯不亮"}


def test_the_same_id_with_another_content_is_a_conflict(town):
    add(town, "a", text="路灯不亮")
    with pytest.raises(ConflictError, match="another content"):
        add(town, "a", text="井盖丢失")
