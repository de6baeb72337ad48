"""Settings: the only place that reads the environment."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator may set, as `GECC_<NAME>` in the environment.

    `docs/settings.md` explains each; a test compares the two.
    """

    model_config = SettingsConfigDict(env_prefix="GECC_", frozen=True, extra="ignore")

    data_dir: Path = Field(default=ROOT / "var", description="database file and photo bytes")
    database_url: str = Field(
        default="", description="SQLAlchemy URL; empty means SQLite inside data_dir"
    )
    origin: str = Field(
        default="",
        description="public address such as https://gecc.example.go.th; empty trusts the Host",
    )
    session_days: int = Field(default=14, ge=1, le=90, description="sign-in lasts this long")
    device_key_days: int = Field(
        default=90, ge=1, le=400, description="a device key lives this long after last use"
    )
    photo_max_bytes: int = Field(
        default=25 * 1024 * 1024, ge=1024, description="largest photo taken in, in bytes"
    )
    photo_max_pixels: int = Field(
        default=50_000_000, ge=1, description="largest photo taken in, in pixels"
    )
    photo_long_side: int = Field(
        default=2048, ge=640, le=8192, description="phones shrink photos to this, in pixels"
    )
    keep_originals: bool = Field(
        default=False, description="phones send originals instead of shrunk photos"
    )
    hand_in_max_bytes: int = Field(
        default=2 * 1024**3,
        ge=1024,
        description="largest file of unsent work taken in, in bytes",
    )
    demo: bool = Field(
        default=False, description="shows the invented sign-ins on the sign-in page"
    )

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'gecc.sqlite3'}"


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
