"""Settings: the only place that reads the environment."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, IPvAnyNetwork
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
    document_max_bytes: int = Field(
        default=25 * 1024 * 1024, ge=1024, description="largest document taken in, in bytes"
    )
    video_max_bytes: int = Field(
        default=100 * 1024 * 1024, ge=1024, description="largest video taken in, in bytes"
    )
    file_types: tuple[str, ...] = Field(
        default=(
            *("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "txt", "csv"),
            *("mp4", "m4v", "mov", "3gp", "webm"),
        ),
        description="endings of files taken as evidence, as JSON; fewer than these, never more",
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
    decided_by: Literal["two", "committee"] = Field(
        default="two",
        description="two approvers decide, or one with a committee's resolution",
    )
    appeal_days: int = Field(
        default=30, ge=1, le=365, description="an office may appeal this long after a decision"
    )
    certificate_years: int = Field(
        default=3, ge=1, le=10, description="a certificate holds this long"
    )
    issuer_th: str = Field(
        default="กระทรวงยุติธรรม (การประเมินเบื้องต้นภายในกระทรวง)",
        min_length=1,
        max_length=200,
        description="the body that issues certificates, in Thai",
    )
    issuer_en: str = Field(
        default="Ministry of Justice (internal pre-certification)",
        min_length=1,
        max_length=200,
        description="the body that issues certificates, in English",
    )
    signatory_th: str = Field(
        default="",
        max_length=200,
        description="name under the line of the certificate; empty leaves it to be written",
    )
    signatory_post_th: str = Field(
        default="", max_length=200, description="position under that name"
    )
    public_per_minute: int = Field(
        default=60, ge=1, description="public pages a minute for one network address"
    )
    token_per_minute: int = Field(
        default=120, ge=1, description="requests a minute with one personal token"
    )
    reminder_days: tuple[int, ...] = Field(
        default=(180, 90, 30),
        description="days before a certificate ends, as JSON: [180,90,30]",
    )
    smtp_host: str = Field(default="", description="mail server; empty: no mail is sent")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="port of the mail server")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="how the way to the mail server is protected"
    )
    smtp_user: str = Field(default="", description="user at the mail server, if it asks")
    smtp_password: str = Field(default="", description="password at the mail server")
    smtp_from: str = Field(default="", description="the sender's address")
    webhooks: bool = Field(
        default=True, description="tells other programs of events; false on a copy to try out"
    )
    webhook_networks: tuple[IPvAnyNetwork, ...] = Field(
        default=(),
        description='internal networks that webhooks may go to, as JSON: ["10.20.0.0/16"]',
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
