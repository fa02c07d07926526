import time

import pytest
import town

from gridmap.city import City, doctor
from gridmap.city.doctor import Finding
from gridmap.settings import Settings
from gridmap.store.flow import outbox
from gridmap.store.opening import open_store


def _by_key(findings):
    return {finding.key: finding for finding in findings}


def test_a_sound_city_is_called_sound(city):
    found = _by_key(city.doctor())
    assert "16 grids" in found["counts"].text
    assert "1,020 reports" in found["counts"].text
    for key in ("sqlite", "home", "disk", "plan", "columns", "imports"):
        assert found[key].level == "ok", found[key]


def test_no_city_is_worth_a_note_and_nothing_is_made(tmp_path):
    home = tmp_path / "empty"
    found = _by_key(doctor.examine(Settings(home=home)))
    assert found["city"].level == "note"
    assert "gridmap demo" in found["city"].cure
    assert not home.exists()


def test_columns_behind_the_truth_are_told_with_the_cure(tmp_path):
    settings = town.build(tmp_path / "behind")
    with open_store(settings) as store:
        next((store.home / "columns").glob("*.parquet")).unlink()
    found = _by_key(doctor.examine(settings))
    assert found["columns"].level == "wrong"
    assert "rebuild" in found["columns"].cure


def test_a_database_that_cannot_be_opened_is_told(tmp_path):
    (tmp_path / "city.db").write_bytes(
        b"this is not a database, it is a text about one" * 100
    )
    found = _by_key(doctor.examine(Settings(home=tmp_path)))
    assert found["city"].level == "wrong"


@pytest.mark.parametrize(
    ("levels", "worst"),
    [(["ok"], "ok"), (["ok", "note"], "note"), (["note", "wrong"], "wrong")],
)
def test_the_worst_finding_counts(levels, worst):
    assert doctor.worst([Finding("x", level, "") for level in levels]) == worst


def test_a_clockwork_that_is_down_and_messages_nobody_took_are_told(tmp_path):
    settings = town.build(tmp_path / "home")
    found = _by_key(doctor.examine(settings))
    assert found["clockwork"].level == "note"
    assert "gridmap watch" in found["clockwork"].cure
    assert (found["outbox"].level, found["calendar"].level) == ("ok", "ok")
    with City.open(settings).store as store:
        store.set_meta("watched_at", str(int(time.time())))
        with store.write() as connection:
            outbox.put(connection, "one", "webhook", {}, now=0)
            connection.execute(outbox.outbox.update().values(state="dead"))
    found = _by_key(doctor.examine(settings))
    assert (found["clockwork"].level, found["outbox"].level) == ("ok", "note")
    assert "1 could not be delivered" in found["outbox"].text
