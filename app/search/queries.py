"""Finding, and what is there to be found. Nothing here changes anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, TextClause, and_, false, func, or_, text, true
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.rules import Caller, scopes
from app.audits import queries as audits
from app.audits.models import Audit, KeptChange
from app.audits.queries.reading import trusted
from app.audits.rules import fold
from app.checklists import queries as checklists
from app.checklists.models import StoredEdition
from app.offices.models import Membership, Office
from app.offices.rules import REGIONS
from app.rounds.models import Assignment
from app.search.models import SearchAudit, SearchText
from app.search.rules import AROUND, KINDS, TRIGRAM, Kind, Piece, folded, marked, normal

PER_GROUP: Final = 5
PER_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that was found."""

    kind: Kind
    href: str
    title: list[Piece]
    about: str
    """Where it stands: the office and criterion of a note, the edition of a criterion."""
    excerpt: list[Piece]


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind."""

    kind: Kind
    total: int
    hits: list[Hit]


def find(
    session: Session,
    person: Caller,
    words: Sequence[str],
    *,
    lang: str,
    kind: Kind | None = None,
    page: int = 1,
) -> list[Group]:
    """What this person may open and what has all these words, by kind.

    Without `kind` the first few of each; with it one page of that kind.
    """
    size = PER_PAGE if kind else PER_GROUP
    groups = []
    for each in [kind] if kind else list(KINDS):
        wanted = [SearchText.kind == each, _visible(person, each), *_having(session, words)]
        total = session.exec(select(func.count()).select_from(SearchText).where(*wanted)).one()
        if not total:
            continue
        # What begins with the word stands before what only has it somewhere, in every kind.
        place = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
        rows = session.exec(
            select(SearchText)
            .where(*wanted)
            .order_by(
                place(col(SearchText.words), words[0]),
                col(SearchText.words),
                col(SearchText.key),
            )
            .limit(size)
            .offset((page - 1) * size)
        ).all()
        groups.append(Group(each, total, _told(session, each, rows, words, lang)))
    return groups


def _having(
    session: Session, words: Sequence[str]
) -> Iterator[ColumnElement[bool] | TextClause]:
    """That all these words are in the text; the index knows those of three letters or more."""
    indexed = [word for word in words if len(word) >= TRIGRAM]
    if indexed and session.get_bind().dialect.name == "sqlite":
        quoted = " ".join('"{}"'.format(word.replace('"', '""')) for word in indexed)
        yield text(
            "search_text.id IN (SELECT rowid FROM search_index WHERE search_index MATCH :piece)"
        ).bindparams(piece=quoted)
        words = [word for word in words if word not in indexed]
    for word in words:
        yield col(SearchText.words).contains(word, autoescape=True)


def _visible(person: Caller, kind: Kind) -> ColumnElement[bool]:
    """That this person may open the place: what the doors of those places ask."""
    if kind == "person":
        return true() if person.may("people.see") else false()
    if kind == "office":
        return true() if person.may("offices.see") else false()
    if kind == "criterion":
        return true()  # whoever is signed in reads the standard
    reach = scopes(person.roles, "audit.read")
    if "all" in reach:
        return true()
    allowed: list[ColumnElement[bool]] = []
    if "assigned" in reach:
        sent = select(Assignment.visit_id).where(Assignment.person_id == person.id)
        allowed.append(col(SearchText.audit_id).in_(sent))
    if "office" in reach:
        works_at = select(Membership.office_id).where(Membership.person_id == person.id)
        allowed.append(col(SearchText.office_id).in_(works_at))
    return or_(*allowed) if allowed else false()


def _told(
    session: Session, kind: Kind, rows: Sequence[SearchText], words: Sequence[str], lang: str
) -> list[Hit]:
    """Rows as people read them."""
    if kind == "note":
        return _notes(session, rows, words, lang)
    if kind == "criterion":
        return _criteria(session, rows, words, lang)
    keys = [row.key for row in rows]
    table: Any = Office if kind == "office" else Person
    known = {one.id: one for one in session.exec(select(table).where(table.id.in_(keys)))}
    found = []
    for row in rows:
        one = known.get(row.key)
        if one is None:
            continue
        if kind == "office":
            region = REGIONS.get(one.region or "", {}).get(lang, "")
            href, about = f"/offices/{one.code}", " · ".join(filter(None, (one.code, region)))
        else:
            href, about = f"/people/{one.id}", one.username
        title = marked(normal(one.name[lang]), words)
        excerpt = [] if any(piece.hit for piece in title) else marked(row.shown, words, AROUND)
        found.append(Hit(kind, href, title, about, excerpt))
    return found


def _criteria(
    session: Session, rows: Sequence[SearchText], words: Sequence[str], lang: str
) -> list[Hit]:
    found = []
    for row in rows:
        sha256, _, code = row.key.partition(" ")
        edition = audits.edition_of(session, sha256)
        asked = next(one for one in edition.criteria if one.code == code)
        title = marked(normal(f"{code} {asked.title.in_(lang)}"), words)
        excerpt = [] if any(piece.hit for piece in title) else _read_in(row.shown, words, lang)
        href = f"/editions/{edition.slug}/{edition.edition}?sha256={sha256}#{code}"
        found.append(Hit("criterion", href, title, edition.title.in_(lang), excerpt))
    return found


def _notes(
    session: Session, rows: Sequence[SearchText], words: Sequence[str], lang: str
) -> list[Hit]:
    ids = {row.office_id for row in rows}
    offices = {
        one.id: one for one in session.exec(select(Office).where(col(Office.id).in_(ids)))
    }
    kinds = dict(
        session.exec(
            select(Audit.id, Audit.kind).where(
                col(Audit.id).in_({row.audit_id for row in rows})
            )
        ).all()
    )
    said = {
        "visit": {"th": "การตรวจ ณ พื้นที่", "en": "Site visit"},
        "self": {"th": "การประเมินตนเอง", "en": "Self-assessment"},
    }
    found = []
    for row in rows:
        audit_id, criterion, _author = row.key.split(" ", 2)
        office = offices.get(row.office_id or "")
        title = f"{criterion} {office.name[lang] if office else ''}"
        found.append(
            Hit(
                "note",
                f"/audits/{audit_id}#{criterion}",
                [Piece(title, hit=False)],
                said.get(kinds.get(audit_id, ""), {}).get(lang, ""),
                marked(row.shown, words, AROUND),
            )
        )
    return found


# ------------------------------------------------------------------ what is there to be found


def wanted_places(session: Session) -> dict[tuple[str, str], str]:
    """Every office, person and criterion: (kind, key) and the text people read."""
    found: dict[tuple[str, str], str] = {}
    for office in session.exec(select(Office)):
        region = REGIONS.get(office.region or "", {})
        texts = (office.name_th, office.name_en, office.code, *region.values())
        found["office", office.id] = normal(" · ".join(texts))
    for person in session.exec(select(Person)):
        texts = (person.name_th, person.name_en, person.username)
        found["person", person.id] = normal(" · ".join(filter(None, texts)))
    return found


def _read_in(shown: str, words: Sequence[str], lang: str) -> list[Piece]:
    """The words among what is in the reader's language, unless only the other has them."""
    parts = (part for part in shown.split(" · ") if any(map(_is_thai, part)) == (lang == "th"))
    pieces = marked(" · ".join(parts), words, AROUND)
    return pieces if any(piece.hit for piece in pieces) else marked(shown, words, AROUND)


def _is_thai(sign: str) -> bool:
    return "\u0e00" <= sign <= "\u0e7f"


def unknown_editions(session: Session) -> list[str]:
    """Editions of which no criterion has been copied; an edition never changes."""
    known = select(SearchText.key).where(SearchText.kind == "criterion")
    copied = {key.partition(" ")[0] for key in session.exec(known)}
    return [one for one in session.exec(select(StoredEdition.sha256)) if one not in copied]


def criteria_texts(session: Session, sha256: str) -> dict[tuple[str, str], str]:
    """Every criterion of an edition, as `wanted_places`."""
    stored = checklists.by_sha256(session, sha256)
    assert stored is not None
    found = {}
    for one in checklists.definition(stored).criteria:
        texts = [one.code, one.title.th, one.title.en]
        texts += [one.guidance.th, one.guidance.en] if one.guidance else []
        titles = [part.title for part in one.parts if part.title]
        texts += [each for title in titles for each in (title.th, title.en)]
        found["criterion", f"{sha256} {one.code}"] = normal(" · ".join(texts))
    return found


def stale_audits(session: Session, limit: int) -> list[Audit]:
    """Audits that went on since their notes were copied, at most so many."""
    asked = (
        select(Audit)
        .join(SearchAudit, col(SearchAudit.audit_id) == Audit.id, isouter=True)
        .where(or_(col(SearchAudit.head).is_(None), col(SearchAudit.head) != Audit.head))
        .order_by(col(Audit.id))
        .limit(limit)
    )
    return list(session.exec(asked))


def note_texts(session: Session, audit: Audit) -> dict[tuple[str, str], str]:
    """The notes that stand in an audit, as `wanted_places`.

    Only its notes are folded, and what settles them: nothing else supersedes a note.
    """
    lines = session.exec(
        select(KeptChange.line).where(
            KeptChange.audit_id == audit.id,
            KeptChange.seq <= audit.head,
            or_(
                col(KeptChange.kind) == "note",
                and_(
                    col(KeptChange.kind) == "resolution",
                    col(KeptChange.target).startswith("note "),
                ),
            ),
        )
    ).all()
    found = {}
    for register, standing in fold(trusted(lines))["registers"].items():
        _, criterion, author = register.split(" ", 2)
        said = normal(" ".join(str(one["value"]) for one in standing if one["value"]))
        if said:
            found["note", f"{audit.id} {criterion} {author}"] = said
    return found


def as_row(kind: str, key: str, shown: str, audit: Audit | None = None) -> SearchText:
    """A text as it is kept."""
    return SearchText(
        kind=kind,
        key=key,
        audit_id=audit.id if audit else None,
        office_id=audit.office_id if audit else None,
        shown=shown,
        words=folded(shown),
    )
