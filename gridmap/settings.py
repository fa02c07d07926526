"""One frozen `Settings`, read once from the environment (`GRIDMAP_*`) and `gridmap.toml`,
then passed in.
"""

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
        env_prefix="GRIDMAP_",
        frozen=True,
        extra="forbid",
        toml_file="gridmap.toml",
        env_ignore_empty=True,
    )

    home: Path = Field(
        Path(".gridmap"),
        description="Folder of the city: database, columns, map files, rejects.",
    )
    database_url: str = Field(
        "", description="SQLAlchemy URL of the truth; empty: SQLite in `home`."
    )
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(8501, ge=1, le=65535, description="Port of the pages.")
    api_port: int = Field(
        8502,
        ge=1,
        le=65535,
        description="Port of the report interface and the worker application.",
    )
    certificate: Path | None = Field(
        None,
        description=(
            "TLS certificate (PEM, with its chain): pages and report interface "
            "answer by https."
        ),
    )
    certificate_key: Path | None = Field(
        None, description="Private key of the certificate (PEM, without password)."
    )
    now: datetime | None = Field(
        None,
        description=(
            "The city's clock at server start, with offset; empty: real time (the "
            "demonstration sets its own)."
        ),
    )
    now_since: float | None = Field(
        None,
        description="Real time (Unix seconds) at which the city's clock showed `now`; "
        "`gridmap serve` sets it, so that "
        "its processes have one clock.",
    )
    language: str = Field(
        "",
        pattern="^(|zh|en)$",
        description="Language of pages: zh, en; empty: the browser's.",
    )
    demo_reports: int = Field(
        200_000, ge=1, description="Reports of the demonstration city."
    )
    demo_seed: int = Field(4107, description="Seed of the demonstration city.")
    demo_sign_in: bool = Field(
        True,
        description=(
            "Whether anybody may take a role of the demonstration city; a real "
            "city never offers it."
        ),
    )
    base_map_url: str = Field(
        "",
        description="Tile URL template of an optional base map; empty: own outlines only.",
    )
    base_map_crs: str = Field(
        "wgs84",
        pattern="^(wgs84|gcj02|bd09)$",
        description="Coordinate system of the base map's tiles.",
    )
    tianditu_key: str = Field(
        "", description="Key (`tk`) of the Tianditu base map; empty: not used."
    )
    refresh_s: int = Field(
        60, ge=5, description="Seconds between refreshes of the wall view."
    )
    silent_ratio: float = Field(
        0.35,
        gt=0,
        lt=1,
        description="A grid is silent when reports fall below this share of what is expected.",
    )
    visit_days: int = Field(
        14,
        ge=1,
        description="Days without a visit or report before a grid is shown as unseen.",
    )

    watch_s: float = Field(
        5, gt=0, description="Seconds between two looks of the clockwork at all limits."
    )
    near_due_share: float = Field(
        0.2,
        ge=0,
        lt=1,
        description="A matter is near due when this share of its limit is left.",
    )
    near_due_minutes: int = Field(
        30,
        ge=0,
        description="A matter is near due so many minutes before its limit at least.",
    )
    columns_s: float = Field(
        20,
        ge=0,
        description=(
            "Seconds between two refreshes of the figures from what came in; "
            "reports count from then on."
        ),
    )
    duplicate_radius_m: float = Field(
        50.0,
        gt=0,
        le=2000,
        description="Reports of one category within this distance may tell of the same thing.",
    )
    duplicate_days: int = Field(
        15,
        ge=1,
        le=366,
        description=(
            "Days for which a matter reported or closed near by is offered as the "
            "same thing."
        ),
    )
    contact_days: int = Field(
        90,
        ge=1,
        description="Days after its end that a matter keeps the contact of who reported it.",
    )
    webhook_url: str = Field(
        "",
        pattern=r"^(|https?://\S+)$",
        description="Address messages are posted to (a gateway to SMS or WeChat); empty: none.",
    )
    webhook_secret: str = Field(
        "", description="Secret that signs each message (HMAC-SHA256); empty: unsigned."
    )
    webhook_timeout_s: float = Field(
        10, gt=0, le=60, description="Seconds the gateway has for an answer."
    )
    outbox_attempts: int = Field(
        12,
        ge=1,
        le=100,
        description="Times a message is tried before it is put aside as undeliverable.",
    )
    outbox_days: int = Field(
        7,
        ge=1,
        description=(
            "Days a message is kept: sent ones to look back at, waiting ones until "
            "they are out of date."
        ),
    )

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
