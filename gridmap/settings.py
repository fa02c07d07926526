"""One frozen `Settings`, read once from the environment (`GRIDMAP_*`) and `gridmap.toml`, then passed in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PACKAGE = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """Where the city lives and how it is served. Environment wins over file wins over default."""

    model_config = SettingsConfigDict(
        env_prefix="GRIDMAP_", frozen=True, extra="forbid", toml_file="gridmap.toml", env_ignore_empty=True
    )

    home: Path = Field(Path(".gridmap"), description="Folder of the city: database, columns, map files, rejects.")
    database_url: str = Field("", description="SQLAlchemy URL of the truth; empty: SQLite in `home`.")
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8501, ge=1, le=65535, description="Port of the pages.")
    now: datetime | None = Field(
        None,
        description="The city's clock at server start, with offset; empty: real time (the demonstration sets its own).",
    )
    language: str = Field("", pattern="^(|zh|en)$", description="Language of pages: zh, en; empty: the browser's.")
    demo_reports: int = Field(200_000, ge=1, description="Reports of the demonstration city.")
    demo_seed: int = Field(4107, description="Seed of the demonstration city.")
    base_map_url: str = Field("", description="Tile URL template of an optional base map; empty: own outlines only.")
    base_map_crs: str = Field(
        "wgs84", pattern="^(wgs84|gcj02|bd09)$", description="Coordinate system of the base map's tiles."
    )
    tianditu_key: str = Field("", description="Key (`tk`) of the Tianditu base map; empty: not used.")
    refresh_s: int = Field(60, ge=5, description="Seconds between refreshes of the wall view.")
    silent_ratio: float = Field(
        0.35, gt=0, lt=1, description="A grid is silent when reports fall below this share of what is expected."
    )
    visit_days: int = Field(14, ge=1, description="Days without a visit or report before a grid is shown as unseen.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the library's signature)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then `gridmap.toml` in the working folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def url(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.home / 'city.db'}"


def site_folder() -> Path:
    """Folder that holds `app.py` and `pages/`: inside the wheel, or the top of a checkout."""
    installed = PACKAGE / "site"
    return installed if (installed / "app.py").exists() else PACKAGE.parent


def data_folder() -> Path:
    """Folder of the demonstration's source data: inside the wheel, or the top of a checkout."""
    installed = PACKAGE / "site" / "data"
    return installed if installed.exists() else PACKAGE.parent / "data"


def assets_folder() -> Path:
    """Folder of the map libraries' browser files, filled at install or build time."""
    return PACKAGE / "assets"
