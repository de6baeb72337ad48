"""The tables as OData describes them: CSDL 4.01 in XML. Pure."""

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import quoteattr

from app.feeds.rules.tables import TABLES, Field, Kind, Table

EDM: Final[dict[Kind, str]] = {
    "text": 'Type="Edm.String"',
    "whole": 'Type="Edm.Int32"',
    "hundredths": 'Type="Edm.Decimal" Scale="2"',
    "degrees": 'Type="Edm.Double"',
    "yes": 'Type="Edm.Boolean"',
    "day": 'Type="Edm.Date"',
    "moment": 'Type="Edm.DateTimeOffset" Precision="3"',
}
_VOCABULARIES: Final = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData."


def metadata() -> str:
    """The `$metadata` document: every table, and honestly what cannot be asked of it."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
        *_references("Core", "Capabilities"),
        "<edmx:DataServices>",
        '<Schema Namespace="gecc" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
        *(line for table in TABLES.values() for line in _type(table)),
        '<EntityContainer Name="Feeds">',
        *(line for table in TABLES.values() for line in _set(table)),
        "</EntityContainer>",
        "</Schema>",
        "</edmx:DataServices>",
        "</edmx:Edmx>",
    ]
    return "\n".join(lines) + "\n"


def _references(*names: str) -> Iterable[str]:
    for name in names:
        yield f'<edmx:Reference Uri="{_VOCABULARIES}{name}.V1.xml">'
        yield f'<edmx:Include Namespace="Org.OData.{name}.V1" Alias="{name}"/>'
        yield "</edmx:Reference>"


def _type(table: Table) -> Iterable[str]:
    yield f'<EntityType Name="{table.one}">'
    yield "<Key>"
    for name in table.key:
        yield f'<PropertyRef Name="{name}"/>'
    yield "</Key>"
    for field in table.fields:
        yield from _property(field)
    yield "</EntityType>"


def _property(field: Field) -> Iterable[str]:
    nullable = "true" if field.null else "false"
    yield f'<Property Name="{field.name}" {EDM[field.kind]} Nullable="{nullable}">'
    yield _told("Core.Description", f"{field.th} · {field.en}")
    yield "</Property>"


def _set(table: Table) -> Iterable[str]:
    yield f'<EntitySet Name="{table.entity_set}" EntityType="gecc.{table.one}">'
    yield _told("Core.Description", f"{table.th} · {table.en}")
    for kind in ("Insert", "Update", "Delete"):
        yield f'<Annotation Term="Capabilities.{kind}Restrictions"><Record>'
        yield f'<PropertyValue Property="{kind}able" Bool="false"/></Record></Annotation>'
    yield '<Annotation Term="Capabilities.SearchRestrictions"><Record>'
    yield '<PropertyValue Property="Searchable" Bool="false"/></Record></Annotation>'
    yield '<Annotation Term="Capabilities.ExpandRestrictions"><Record>'
    yield '<PropertyValue Property="Expandable" Bool="false"/></Record></Annotation>'
    never = [field.name for field in table.fields if not field.asked]
    if never:
        for kind, what in (("Filter", "NonFilterable"), ("Sort", "NonSortable")):
            yield f'<Annotation Term="Capabilities.{kind}Restrictions"><Record>'
            yield f'<PropertyValue Property="{what}Properties"><Collection>'
            for name in never:
                yield f"<PropertyPath>{name}</PropertyPath>"
            yield "</Collection></PropertyValue></Record></Annotation>"
    yield "</EntitySet>"


def _told(term: str, words: str) -> str:
    return f'<Annotation Term="{term}" String={quoteattr(words)}/>'
