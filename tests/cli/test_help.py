import subprocess
import sys
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from gridmap.cli import app
from gridmap.cli.console import exit_code
from gridmap.errors import GridmapError, RefusedError, StaleError

ROOT = Path(__file__).resolve().parents[2]


def commands(command, path=()):
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, (*path, name))


ALL = dict(commands(typer.main.get_command(app)))


def test_the_commands_are_those_that_were_promised():
    assert {" ".join(path) for path in ALL} - {""} == {
        "demo",
        "import",
        "import grids",
        "import layer",
        "import basemap",
        "layers",
        "layers list",
        "layers show",
        "layers hide",
        "layers drop",
        "import reports",
        "import workers",
        "import users",
        "import offices",
        "users",
        "users list",
        "users key",
        "users keys",
        "users revoke",
        "users absence",
        "users absences",
        "users hand-over",
        "plan",
        "plan list",
        "plan draft",
        "plan split",
        "plan merge",
        "plan reshape",
        "plan transfer",
        "plan carve",
        "plan describe",
        "plan undo",
        "plan redo",
        "plan balance",
        "plan suggest",
        "plan crosswalk",
        "plan diff",
        "plan import",
        "plan submit",
        "plan approve",
        "plan publish",
        "plan rollback",
        "plan export",
        "check",
        "serve",
        "watch",
        "rebuild",
        "doctor",
        "export",
    }


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_a_command_explains_itself_and_each_of_its_options(path):
    command = ALL[path]
    assert command.help
    unexplained = [
        parameter.name for parameter in command.params if not getattr(parameter, "help", "")
    ]
    assert not unexplained


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_is_shown_without_a_city(path, tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDMAP_HOME", str(tmp_path / "none"))
    shown = CliRunner().invoke(app, [*path, "--help"])
    assert shown.exit_code == 0
    assert not (tmp_path / "none").exists()


def test_the_pages_on_commands_and_settings_say_what_the_code_says():
    done = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_command_line_starts_without_the_heavy_libraries():
    script = (
        "import gridmap.cli, sys; print([m for m in ('streamlit', 'geopandas', "
        "'numba', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_error_ends_with_the_code_of_the_nearest_kind_above_it():
    assert [
        exit_code(error)
        for error in (StaleError("moved"), RefusedError("not now"), GridmapError("odd"))
    ] == [
        5,
        6,
        1,
    ]
