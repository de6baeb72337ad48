"""Tables of people, roles, sign-ins and devices. Secrets are kept as hashes only."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.accounts.rules import ROLES


class Person(SQLModel, table=True):
    """Somebody who may sign in. Never deleted: what they did keeps their name."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("username = lower(username)", name="person_username_lower"),
        CheckConstraint("length(username) BETWEEN 2 AND 40", name="person_username_length"),
        CheckConstraint("length(name_th) > 0", name="person_named"),
    )

    id: str = Field(primary_key=True, max_length=36)
    username: str = Field(unique=True, max_length=40)
    name_th: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    password_hash: str = Field(max_length=200)
    created_at: datetime
    disabled_at: datetime | None = None
    email: str | None = Field(default=None, max_length=254, description="where notices go")

    @property
    def name(self) -> dict[str, str]:
        """The name in both languages; Thai stands in where there is no English one."""
        return {"th": self.name_th, "en": self.name_en or self.name_th}


class RoleGrant(SQLModel, table=True):
    """One role of one person. `granted_by` is empty only where the system did it."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(
            "role IN ({})".format(", ".join(f"'{role}'" for role in ROLES)),
            name="role_grant_known_role",
        ),
        CheckConstraint(
            "granted_by IS NULL OR granted_by <> person_id", name="role_grant_not_to_oneself"
        ),
    )

    person_id: str = Field(primary_key=True, foreign_key="person.id", max_length=36)
    role: str = Field(primary_key=True, max_length=20)
    granted_by: str | None = Field(default=None, foreign_key="person.id", max_length=36)
    at: datetime


class SignInSession(SQLModel, table=True):
    """A browser that is signed in. Ends by signing out, idle limit or `expires_at`."""

    __tablename__ = "sign_in_session"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: str = Field(foreign_key="person.id", index=True, max_length=36)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str = Field(max_length=200)


class KnownBrowser(SQLModel, table=True):
    """A browser this person has signed in from before (OWASP's "device cookie").

    It opens nothing by itself; guesses made elsewhere do not slow it down.
    """

    __tablename__ = "known_browser"

    token_hash: str = Field(primary_key=True, max_length=64, description="names the browser")
    person_id: str = Field(primary_key=True, foreign_key="person.id", max_length=36)
    at: datetime


class Device(SQLModel, table=True):
    """A phone that may hand over one person's work, with a key of its own."""

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint("length(label) BETWEEN 1 AND 80", name="device_labelled"),
    )

    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(foreign_key="person.id", index=True, max_length=36)
    label: str = Field(max_length=80)
    key_hash: str = Field(unique=True, max_length=64)
    enrolled_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class SigningKey(SQLModel, table=True):
    """The public half of the key with which a device signs its changes.

    The other half never leaves that device. It may have had several: a browser can lose one.
    """

    __tablename__ = "signing_key"

    kid: str = Field(
        primary_key=True, max_length=32, description="first half of the SHA-256 of the key"
    )
    device_id: str = Field(foreign_key="device.id", index=True, max_length=36)
    spki: str = Field(max_length=200, description="P-256, DER SubjectPublicKeyInfo, base64")
    enrolled_at: datetime
    revoked_at: datetime | None = None


class Token(SQLModel, table=True):
    """With what a program of a person's reads tables for them. Never more than they may."""

    __tablename__ = "personal_token"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 80", name="personal_token_named"),
        CheckConstraint("length(scopes) > 0", name="personal_token_scoped"),
        CheckConstraint("expires_at > made_at", name="personal_token_lasts"),
    )

    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(foreign_key="person.id", index=True, max_length=36)
    name: str = Field(max_length=80, description="what its person will know it by")
    scopes: str = Field(max_length=400, description="lines of ACCESS, a space between them")
    token_hash: str = Field(unique=True, max_length=64)
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    ended_at: datetime | None = None


class SignInFailure(SQLModel, table=True):
    """One sign-in that has not succeeded: written before the password is looked at.

    `account` is a hash of what was typed (people type passwords into the wrong field) joined
    with where it came from; `network` is the network alone.
    """

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("sign_in_failure_account", "account", "at"),
        Index("sign_in_failure_network", "network", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(max_length=64)
    network: str = Field(max_length=64)
    at: datetime
