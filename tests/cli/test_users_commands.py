import json
import shutil

import pytest
from typer.testing import CliRunner

from gridmap.city.city import City
from gridmap.cli import app


@pytest.fixture
def run(small_city, tmp_path, monkeypatch):
    """Run `gridmap …` on a copy of the small city; the result has `exit_code`, `stdout` and
    `stderr`.
    """
    shutil.copytree(small_city.home, tmp_path / "home")
    monkeypatch.setenv("GRIDMAP_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def city(run, small_city, tmp_path):
    city = City.open(small_city.model_copy(update={"home": tmp_path / "home"}))
    yield city
    city.close()


def told(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_users_are_listed_by_role_and_place(run):
    clerks = told(run("users", "list", "--role", "clerk", "--area", 410702, "--json"))[
        "users"
    ]
    assert {user["role"] for user in clerks} == {"clerk"}
    assert all(str(user["area"]).startswith("410702") for user in clerks)
    assert "demo.clerk.county" in {user["login"] for user in clerks}
    shown = run("users", "list", "--role", "admin")
    assert "demo.admin" in shown.stdout
    assert "more; --json lists all" in run("users", "list").stdout


def test_a_key_is_printed_once_works_and_is_revoked(run, city):
    made = told(run("users", "key", "demo.worker", "--label", "手机", "--json"))
    actor, areas = city.keys.actor_of(made["key"])
    assert actor.user == made["user"]
    assert areas == actor.areas
    listed = told(run("users", "keys", "demo.worker", "--json"))["keys"]
    assert [one["label"] for one in listed] == ["手机"]
    assert made["key"] not in run("users", "keys", "demo.worker").stdout
    assert run("users", "revoke", listed[0]["id"]).exit_code == 0
    assert told(run("users", "keys", made["user"], "--json"))["keys"][0]["revoked_at"] > 0
    plain = run("users", "key", "demo.worker", "--label", "平板").stdout.strip()
    assert city.keys.actor_of(plain)[0].user == made["user"]


def test_what_is_refused_has_its_exit_code_and_every_reason(run):
    assert run("users", "key", "nobody", "--label", "x").exit_code == 4
    wrong = run(
        "users", "key", "demo.worker", "--label", " ", "--area", 410703, "--area", 5
    )
    assert wrong.exit_code == 3
    assert "3 fault(s)" in wrong.stderr
    assert run("users", "revoke", 999).exit_code == 4
    assert (
        run("users", "key", "demo.admin", "--label", "x", "--by", "demo.worker").exit_code
        == 6
    )


def test_an_absence_is_noted_listed_and_ended(run, city):
    noted = told(
        run(
            "users",
            "absence",
            "demo.worker",
            "--reason",
            "培训",
            "--from",
            "2024-05-22",
            "--to",
            "2024-05-23",
            "--stand-in",
            "demo.worker.2",
            "--json",
        )
    )
    listed = told(run("users", "absences", "--json"))["absences"]
    assert [one["id"] for one in listed] == [noted["absence"]]
    assert listed[0]["ends"] - listed[0]["starts"] == 2 * 86_400, (
        "the last day is away as well"
    )
    assert "培训" in run("users", "absences", "--area", 410702).stdout
    again = run(
        "users", "absence", "demo.worker", "--from", "2024-05-23", "--reason", "病假"
    )
    assert again.exit_code == 3
    assert told(run("users", "absence", "demo.worker", "--end", "--json"))["ended"] == [
        noted["absence"]
    ]
    assert told(run("users", "absences", "--json"))["absences"] == []


def test_work_is_handed_over_after_a_look_at_what_would_move(run, city):
    words = (
        "users",
        "hand-over",
        "demo.worker",
        "demo.worker.2",
        "--reason",
        "离职",
        "--json",
    )
    run("users", "key", "demo.worker", "--label", "手机")
    would = told(run(*words, "--dry-run"))
    assert not would.pop("done")
    worker, second = (
        city.people.find_user(login) for login in ("demo.worker", "demo.worker.2")
    )
    areas = city.people.actor(worker.id).areas
    done = told(run(*words, "--by", "demo.admin"))
    assert done.pop("done")
    assert done == would
    assert done["keys"] == 1
    assert done["grids"] == len(areas) > 0
    city.people.changed()
    assert city.people.actor(worker.id).areas == ()
    assert set(areas) <= set(city.people.actor(second.id).areas)
    assert (
        run(
            "users", "hand-over", "demo.worker", "demo.clerk.county", "--reason", "x"
        ).exit_code
        == 3
    )


def test_users_and_offices_come_in_from_files(run, city, tmp_path):
    offices, users = tmp_path / "offices.csv", tmp_path / "users.csv"
    offices.write_text(
        "类型,名称,辖区,部门\n部门,红旗区统计局,410702,统计局\n", encoding="utf-8"
    )
    users.write_text(
        "登录名,姓名,角色,责任区域,单位\nnew,新,处置人员,410702,红旗区统计局\n",
        encoding="gb18030",
    )
    assert told(run("import", "offices", offices, "--json"))["accepted"] == 1
    assert told(run("import", "users", users, "--json"))["accepted"] == 1
    city.people.changed()
    user = city.people.find_user("new")
    assert city.people.office(user.office).department == "统计局"
    users.write_text(
        "login,name,role,area,office\na,,clerk,41,没有\nb,乙,boss,410702,\n",
        encoding="utf-8",
    )
    refused = run("import", "users", users)
    assert refused.exit_code == 3
    assert "row 2" in refused.stderr
    assert "row 3" in refused.stderr
