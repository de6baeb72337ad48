"""The shape of what devices send. A line of a push is looked at one by one, not here."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_LINES: Final = 200
MOST_BYTES: Final = 512 * 1024
MOST_PHOTOS: Final = 500
SHA256: Final = r"^[0-9a-f]{64}$"

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Sha256 = Annotated[str, StringConstraints(pattern=SHA256)]
Count = Annotated[int, Field(ge=0, le=2**63 - 2)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SeenLog(_Strict):
    """The newest checkpoint a device remembers."""

    epoch: Count
    size: Count


class Push(_Strict):
    """A device's next lines of one audit, and which numbers it still has (`first`..`upto`)."""

    device: Id
    audit: Id
    first: Count = Field(alias="from")
    upto: Count
    # Any text, even what no database can store: a bad line is held and blocks no other.
    changes: list[Any] = Field(
        max_length=MOST_LINES, json_schema_extra={"items": {"type": "string"}}
    )
    signatures: list[Any] | None = Field(
        default=None,
        max_length=MOST_LINES,
        description="beside each line `[kid, signature]`, or null",
    )
    now: Any = Field(default=None, description="the device's clock: information only")
    seen: SeenLog | None = None


class Prepare(_Strict):
    """The audit a phone wants to take along."""

    audit: Id


class PhotoStatus(_Strict):
    """Photos a device asks about."""

    sha256s: list[Sha256] = Field(max_length=MOST_PHOTOS)
    archived: bool = Field(default=False, description='also tell "archived" from "all"')


def body_of(shape: type[BaseModel]) -> dict[str, Any]:
    """`openapi_extra` of a door whose JSON body has this shape."""
    schema = shape.model_json_schema(by_alias=True)
    # Its names would have to stand at the top of the whole document: put in place instead.
    inside = _in_place(schema, schema.pop("$defs", {}))
    content = {"application/json": {"schema": inside}}
    return {"requestBody": {"required": True, "content": content}}


def _in_place(said: Any, named: dict[str, Any]) -> Any:
    if isinstance(said, list):
        return [_in_place(one, named) for one in said]
    if not isinstance(said, dict):
        return said
    if "$ref" in said:
        return _in_place(named[said["$ref"].rpartition("/")[2]], named)
    return {key: _in_place(value, named) for key, value in said.items()}


def bytes_of(most: int) -> dict[str, Any]:
    """`openapi_extra` of a door that takes at most so many bytes, as they are."""
    schema = {"type": "string", "format": "binary", "maxLength": most}
    content = {"application/octet-stream": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}
