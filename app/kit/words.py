"""Words: Thai is the language of the source, English is its catalogue.

`bin/words` gathers every `_("…")` of templates, Python and JavaScript into `locale/en`.
"""

import gettext
import json
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[2] / "locale"
LANGUAGES = ("th", "en")


@lru_cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """The gettext catalogue of a language; Thai needs none."""
    if lang != "en":
        return gettext.NullTranslations()
    return gettext.translation("messages", LOCALE, languages=["en"], fallback=True)


@lru_cache
def js_catalogue() -> dict[str, str]:
    """English for every Thai sentence that JavaScript speaks."""
    path = LOCALE / "en" / "js.json"
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}
