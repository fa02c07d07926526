"""Memory in generations: what one writes the others never see."""

import gc
import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from world import CODES, LOWER_LEFT, NOW, reports

from gridmap.facts import Facts
from gridmap.store.intake.imports import import_reports
from gridmap.store.look import columns
from gridmap.store.look.facts import MOMENTS, follow, load
from gridmap.store.look.matters import add_matter
from gridmap.store.look.pages import Pages
from gridmap.store.tables import events, matters

TYPES = {"day": np.uint16, "lon": np.float32}
ARRAYS = ("grid", "category", "status", "worker", "lon", "lat", *MOMENTS)


def test_a_copy_shows_what_was_there_and_keeps_its_changes_to_itself():
    pages = Pages(TYPES, 5000)
    first = pages.first()
    first["day"][:] = 7
    one, two = pages.copy(), pages.copy()
    one["day"][10:20] = 1
    one["lon"][4999] = 2.5
    assert (first["day"] == 7).all()
    assert (two["day"] == 7).all()
    assert one["day"].sum() == 7 * 4990 + 10
    assert (two["lon"][4999], one["lon"][4999]) == (0, 2.5)


def handles(file):
    """Handles this process holds of one file, told by its device and number; other tests'
    files come and go.
    """
    held = []
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # gone meanwhile, as the one that lists the folder
            found = handle.stat()
            held.append((found.st_dev, found.st_ino))
    return held.count(file)


def test_memory_and_file_are_given_back_with_the_last_array():
    pages = Pages(TYPES, 1000)
    found = os.fstat(pages._file)
    file = found.st_dev, found.st_ino
    kept = pages.copy()["day"]
    assert handles(file) >= 1
    del pages
    gc.collect()
    assert handles(file) <= 1  # a map keeps a handle of its own
    assert kept.sum() == 0
    del kept
    gc.collect()
    assert handles(file) == 0


def same(one: Facts, other: Facts) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ARRAYS
    ) and (
        (one.first_day, one.last_day, one.as_of)
        == (other.first_day, other.last_day, other.as_of)
    )


def report(store, number, at):
    add_matter(
        store,
        client_id=f"live{number}",
        category=4,
        grid=LOWER_LEFT,
        plan=1,
        lon=113.05,
        lat=35.05,
        reported_at=at,
    )


def test_following_reports_and_moves_gives_what_loading_anew_gives(town):
    import_reports(town, [reports(range(1, 400))], files=["history"], now=NOW)
    held = follow(town, None, grid_codes=CODES)
    generations = [(held, load(town, grid_codes=CODES))]
    for number, days in enumerate((0, 0, 20, 40, 3)):
        report(town, number, NOW - 86_400 * days)
        with town.write() as connection:
            connection.execute(
                matters.update()
                .where(matters.c.id == 7 + number * 40)
                .values(status=4, closed_at=NOW)
            )
            connection.execute(
                events.insert().values(matter=7 + number * 40, kind="close", at=NOW, step=2)
            )
        columns.refresh(town)
        held = follow(town, held, grid_codes=CODES)
        generations.append((held, load(town, grid_codes=CODES)))
    for loaded, anew in generations:  # and nobody's state has changed under them
        assert same(loaded.facts, anew)
    assert len({id(loaded.pages) for loaded, _ in generations}) == 1, (
        "the unchanged months are shared"
    )


def test_much_that_is_new_is_loaded_anew(town, monkeypatch):
    monkeypatch.setattr("gridmap.store.look.facts.SPARE_ROWS", 10)
    import_reports(town, [reports(range(1, 100))], files=["history"], now=NOW)
    held = follow(town, None, grid_codes=CODES)
    import_reports(town, [reports(range(100, 300))], files=["more"], now=NOW)
    after = follow(town, held, grid_codes=CODES)
    assert after.pages is not held.pages
    assert same(after.facts, load(town, grid_codes=CODES))


@pytest.mark.parametrize("change", ["grids", "columns"])
def test_other_grids_or_other_columns_are_loaded_anew(town, change):
    import_reports(town, [reports(range(1, 100))], files=["history"], now=NOW)
    held = follow(town, None, grid_codes=CODES)
    codes = CODES
    if change == "grids":
        codes = CODES[:3]
    else:
        columns.rebuild(town)
    after = follow(town, held, grid_codes=codes)
    assert after.pages is not held.pages
    assert same(after.facts, load(town, grid_codes=codes))
