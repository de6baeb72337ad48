"""Taking in an outbox file: lines as a push takes them, photos as their chunks are taken.

Every batch and every photo is its own transaction, so what was taken stays taken, and others
write in between. The same file twice is harmless.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from hashlib import sha256 as hashed
from typing import BinaryIO, Final

from sqlmodel import Session

from app.accounts import queries as accounts
from app.accounts.rules import Caller
from app.audits import actions
from app.audits.rules.shapes import WITH_BYTES
from app.evidence import actions as evidence
from app.evidence import chunks
from app.evidence import queries as photos
from app.evidence.rules import CHUNK, PHOTO, TOTAL_CHANGED, UNKNOWN, Chunk, Facts, Wanted
from app.kit.errors import BUSY, Refusal, Refused
from app.kit.salvage import Damaged
from app.settings import Settings
from app.sync.handed import Handed, HeldRow, PhotoNo, Told, batches, read_row
from app.sync.outfiles import NOT_OURS, Outfile, OutRow, open_outfile, photo_bytes, rows
from app.sync.queries import limits_of, photo_standing, wanted_as
from app.trail import actions as trail

ATTEMPTS: Final = 3
MOST_TOLD: Final = 200
Aside = Callable[[], AbstractContextManager[None]]


class Hand:
    """Somebody, or the command line, with an outbox file in hand."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        *,
        by: Caller | None,
        at: datetime,
        aside: Aside = nullcontext,
    ) -> None:
        """`aside` is entered for long work, with no transaction open."""
        self.session = session
        self.settings = settings
        self.by = by
        self.at = at
        self.aside = aside
        self.limits = limits_of(settings)
        self.done = Handed()
        self.named: dict[str, set[tuple[str, str, str]]] = {}  # photo: audit, device, author
        self.brought: set[tuple[str, str]] = set()

    def hand_in(self, file: BinaryIO) -> Handed:
        """Take everything that is whole. Raises Refused where nothing in the file is ours."""
        self.session.commit()
        with self.aside():
            found = open_outfile(file, photo_most=self.limits.largest)
        if found is None:
            raise Refused(NOT_OURS)
        try:
            self._take(found)
        finally:
            found.data.close()
        self._note()
        return self.done

    def _take(self, found: Outfile) -> None:
        self.done.damaged_rows = found.damaged_rows
        self.done.list_lost = found.listed is None
        for batch in batches(self._sorted(rows(found))):
            self._push(batch)
        wanted = set(self.named) | {
            sha256 for sha256 in found.photos if self._asked_for(sha256)
        }
        for sha256 in sorted(wanted & set(found.photos)):
            self._photo(found, sha256)
        gone = set(self.named) - set(found.photos)
        here = photos.received(self.session, sorted(gone)) if gone else set()
        self.done.known_photos += len(here)
        self.done.damaged_photos = sorted(found.damaged_photos - here)
        self.done.absent_photos = sorted(gone - here - found.damaged_photos)
        self.session.rollback()

    def _sorted(self, told: Iterator[OutRow]) -> Iterator[Told]:
        """The rows of devices this server knows; the others are nobody's here."""
        devices: dict[str, bool] = {}
        for row in told:
            if self.done.left_why is not None:
                self.done.left_rows += 1
                continue
            one = read_row(row)
            if one is not None and one.device not in devices:
                known = accounts.caller_of_device(self.session, one.device)
                devices[one.device] = known is not None
                self._let_others()
            if one is not None and devices[one.device]:
                yield one
            else:
                self.done.strange_rows.append(row.number)

    def _push(self, batch: Sequence[Told]) -> None:
        """One transaction: lines of one device in one audit, with who made them as sender."""
        if self.done.left_why is not None:
            self.done.left_rows += len(batch)
            return
        audit, device = batch[0].audit, batch[0].device
        owner = accounts.caller_of_device(self.session, device)
        assert owner is not None  # looked up a moment ago, and devices are never deleted
        try:
            verdicts = actions.receive(
                self.session,
                audit,
                [one.row.line for one in batch],
                sender=owner[1],
                device=device,
                at=self.at,
                signatures=[
                    [one.row.kid, one.row.signature] if one.row.kid else None for one in batch
                ],
                carrier=actions.Carrier(self.by),
            )
            self.session.commit()
        except Refused as no:
            self.session.rollback()
            self.done.left_why = no.refusal
            self.done.left_rows += len(batch)
            return
        self._let_others()
        self.done.audits.add(audit)
        self.done.authors.add(owner[1].id)
        if any(verdict.verdict != "known" for verdict in verdicts):
            self.brought.add((audit, device))
        for one, verdict in zip(batch, verdicts, strict=True):
            self._count(one, verdict)

    def _count(self, one: Told, verdict: actions.Verdict) -> None:
        change = one.change
        if verdict.verdict == "kept":
            self.done.kept += 1
        elif verdict.verdict == "known":
            self.done.known += 1
        else:
            self.done.held += 1
            if verdict.reason and len(self.done.held_rows) < MOST_TOLD:
                said = (change.kind, change.target[:80]) if change else ("", "")
                self.done.held_rows.append(HeldRow(one.row.number, *said, verdict.reason))
        if change is not None and change.kind in WITH_BYTES:
            told = (change.audit, change.device, change.author)
            self.named.setdefault(change.value["sha256"], set()).add(told)

    def _asked_for(self, sha256: str) -> bool:
        named = photo_standing(self.session, sha256).named
        self._let_others()
        return named

    def _let_others(self) -> None:
        """Let others write in between: a file may name thousands of devices and photos."""
        self.session.rollback()
        with self.aside():
            pass

    def _photo(self, found: Outfile, sha256: str) -> None:
        """One photo on the road of every photo: pieces, checks, bytes first and row last."""
        told = self.named.get(sha256, set())
        by = self.by.id if self.by else next((author for *_, author in sorted(told)), None)
        standing = photo_standing(self.session, sha256)
        sent = photos.senders(self.session, sha256) if standing.received else frozenset()
        wanted = wanted_as(self.session, sha256) if standing.named else PHOTO
        self._let_others()
        if standing.received and (by in sent or any(author in sent for *_, author in told)):
            self.done.known_photos += 1
            return
        if not standing.named or by is None:
            self.done.refused.append(PhotoNo(sha256, UNKNOWN))
            return
        with self.aside():
            taken = self._pieces(found, sha256, by, wanted, proving=standing.received)
        if isinstance(taken, Refusal):
            evidence.refuse_photo(self.session, sha256, taken, by=by, at=self.at)
            self.done.refused.append(PhotoNo(sha256, taken))
        else:
            evidence.keep(self.session, sha256, taken, by=by, at=self.at)
            actions.settle_photo(self.session, sha256, self.at)
            self._vouch(told)
            self.done.received.append(sha256)
        self.session.commit()

    def _vouch(self, told: set[tuple[str, str, str]]) -> None:
        """Say who brought the line that names a photo, where that line was known before."""
        for audit, device, author in sorted(told):
            if self.by is None or (audit, device) in self.brought:
                continue
            self.brought.add((audit, device))
            trail.record(
                self.session,
                "audit.changes-received",
                "audit",
                audit,
                by=self.by.id,
                at=self.at,
                detail={
                    "device": device,
                    "kept": 0,
                    "held": 0,
                    "carried_by": self.by.id,
                    "author": author,
                },
            )

    def _pieces(
        self, found: Outfile, sha256: str, by: str, wanted: Wanted, *, proving: bool
    ) -> Facts | Refusal:
        try:
            data = photo_bytes(found, sha256, self.limits.largest)
        except Damaged:
            return UNKNOWN
        total = max(-(-len(data) // CHUNK), 1)
        for _ in range(
            ATTEMPTS
        ):  # what waited here from before may be spoiled, or cut otherwise
            for index in range(total):
                body = data[index * CHUNK : (index + 1) * CHUNK]
                checksum = hashed(body).hexdigest()
                chunk = Chunk(sha256, index, total, checksum, by, proving, wanted)
                taken = chunks.take(self.settings.data_dir, chunk, body, self.limits)
                if isinstance(taken, Facts):
                    return taken
                if isinstance(taken, Refusal) and taken != TOTAL_CHANGED:
                    return taken
        return BUSY

    def _note(self) -> None:
        """Leave a line about the whole."""
        done = self.done
        detail = {
            "kept": done.kept,
            "known": done.known,
            "held": done.held,
            "photos": len(done.received),
            "damaged": len(done.damaged_rows) + len(done.damaged_photos),
            "audits": sorted(done.audits)[:50],
            "authors": sorted(done.authors)[:50],
        }
        subject = self.by.id if self.by else "gecc"
        by = self.by.id if self.by else None
        trail.record(
            self.session,
            "outbox.handed-in",
            "person",
            subject,
            by=by,
            at=self.at,
            detail=detail,
        )
        self.session.commit()
