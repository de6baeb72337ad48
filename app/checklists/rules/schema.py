"""The JSON Schema of the authoring form, for editors: made from `Draft`, so never apart."""

import json
from typing import Any

from app.checklists.rules.draft import Draft


def authoring_schema() -> str:
    """Return the text of `checklists/edition.schema.json`."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_plain(Draft.model_json_schema()),
    }
    schema["title"] = "An edition of a checklist"
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _plain(node: Any) -> Any:
    """Drop machine-made titles, which editors would show, and forbid keys no pattern takes."""
    if isinstance(node, dict):
        if "patternProperties" in node:
            node = {**node, "additionalProperties": False}
        named = "properties" in node or "type" in node or "anyOf" in node or "$ref" in node
        return {
            key: _plain(value)
            for key, value in node.items()
            if not (named and key == "title" and isinstance(value, str))
        }
    return [_plain(item) for item in node] if isinstance(node, list) else node
