"""Verifying an export: every check in its order. Needs neither database nor network. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from app.exports.rules import container, history, logged, outcome
from app.exports.rules.layout import BadPart
from app.exports.rules.reading import Opened, Read, read
from app.exports.rules.report import Check, Report, tampered

Look = Callable[[Read], Iterator[Check]]
LOOKS: Final[Mapping[str, Look]] = {
    "members": container.members,
    "spelling": container.spelling,
    "edition": outcome.edition,
    "order": history.order,
    "chain": history.chain,
    "keys": history.keys,
    "signatures": history.signatures,
    "checkpoint": container.checkpoint,
    "log": logged.inclusion,
    "witnesses": logged.witnesses,
    "photos": outcome.photos,
    "result": outcome.result,
    "held": outcome.held,
}


def judge(
    opened: Opened, trusted: bytes | None = None, looks: Mapping[str, Look] = LOOKS
) -> Report:
    """What there is to say of an export.

    In: its members, and the log's public key where one was given by another way. Out: the
    report. `looks` is for tests that leave one out, to see that something then goes unseen.
    """
    checks = [*container.sums(opened), *container.seal(opened, trusted)]
    try:
        found = read(opened)
        for look in looks.values():
            checks += look(found)
    except BadPart as error:
        named = str(error) or "?"
        checks.append(tampered("parts", f"อ่าน {named} ไม่ได้", f"{named} cannot be read."))
        return Report(tuple(checks))
    return Report(tuple(checks), _about(found))


def _about(found: Read) -> dict[str, Any]:
    """What the export is of, for a report."""
    said = found.checkpoint
    return {
        "audit": found.manifest.audit.model_dump(mode="json"),
        "made_at": found.manifest.made_at,
        "edition": found.edition.sha256,
        "changes": len(found.rows),
        "photos": len(found.manifest.photos.here),
        "log": {"origin": said.origin, "size": said.size, "root": said.root},
    }
