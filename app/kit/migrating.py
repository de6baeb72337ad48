"""The tables' revision: which one a database has, which ones this release knows."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.settings import ROOT


def migrate(url: str) -> None:
    """Bring a database's tables up to this release."""
    config = _config()
    config.attributes["url"] = url
    command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """The revision of a database's tables; None where there are none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def known() -> set[str]:
    """The revisions that this release can bring up to its own."""
    script = ScriptDirectory.from_config(_config())
    return {each.revision for each in script.walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    return config
