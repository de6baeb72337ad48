"""The shape of what programs say about accounts."""

from pydantic import BaseModel, ConfigDict, Field

from app.kit.text import Line


class NewDevice(BaseModel):
    """A phone introduces itself; the label is what its person will know it by."""

    model_config = ConfigDict(extra="forbid", strict=True)

    label: Line = Field(max_length=300)
    device: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f-]{36}$",
        description="a device of one's own, to have its key renewed",
    )


class NewSigningKey(BaseModel):
    """The public half of a device's signing key, and the proof that it holds the other."""

    model_config = ConfigDict(extra="forbid", strict=True)

    spki: str = Field(max_length=200, description="P-256, DER SubjectPublicKeyInfo, base64")
    proof: str = Field(
        max_length=100,
        description="signature over `gecc signing key`, the device's id and the key's `kid`, "
        "a line each; r and s, base64url",
    )


class EnrolledSigningKey(BaseModel):
    """The name of a signing key, and since when it counts."""

    kid: str
    enrolled_at: str


class Words(BaseModel):
    """Something in both languages."""

    th: str
    en: str


class DeviceOwner(BaseModel):
    """Whose device it is."""

    id: str
    name: Words
    username: str


class EnrolledDevice(BaseModel):
    """A device's id and its key, which is told this once."""

    device: str
    key: str
    person: DeviceOwner
