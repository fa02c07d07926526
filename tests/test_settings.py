from pathlib import Path

import pytest
from pydantic import ValidationError

from gridmap.settings import Settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "PORT", "DATABASE_URL"):
        monkeypatch.delenv(f"GRIDMAP_{name}", raising=False)


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    tmp_path, monkeypatch
):
    (tmp_path / "gridmap.toml").write_text('port = 9000\nhome = "from-file"\n')
    monkeypatch.setenv("GRIDMAP_PORT", "9001")
    settings = Settings()
    assert (settings.port, settings.home, settings.host) == (
        9001,
        Path("from-file"),
        "127.0.0.1",
    )


def test_an_unknown_key_in_the_file_is_refused(tmp_path):
    (tmp_path / "gridmap.toml").write_text("prot = 9000\n")
    with pytest.raises(ValidationError, match="prot"):
        Settings()


def test_the_embedded_database_lives_in_the_home():
    assert Settings(home=Path("x")).url == "sqlite:///x/city.db"


def test_every_setting_says_what_it_is():
    assert all(field.description for field in Settings.model_fields.values())
