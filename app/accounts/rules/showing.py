"""Who may do what as a page of the documentation, and browsers as people call them. Pure."""

from typing import Final

from app.accounts.rules.access import ACCESS
from app.accounts.rules.people import ROLES

HOW_FAR: Final = {"all": "✓", "assigned": "งานที่ได้รับมอบหมาย", "office": "สำนักงานของตน"}
BROWSERS: Final = (  # the first that is named wins: many claim to be another as well
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> str:
    """`Chrome · Android` from a User-Agent header; empty when nothing in it is known."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)


def device_label(told: str) -> str:
    """What a device is known by: its own words, or its User-Agent as people would say it."""
    short = browser_of(told) if told.startswith("Mozilla/") else ""
    return short or told[:80] or "เครื่องที่ไม่มีชื่อ"


def roles_page() -> str:
    """`docs/roles.md`: the table of `access.py` with the rules that stand beside it."""
    heads = [f"{words['th']}<br>{words['en']}<br>`{code}`" for code, words in ROLES.items()]
    lines = [
        "# Who may do what",
        "",
        "Written by `gecc roles` from `app/accounts/rules/access.py`; a test keeps it current.",
        "Central staff are central reviewers, approvers and administrators. A lead assessor is",
        "also an assessor. An empty cell is a no.",
        "",
        "| | " + " | ".join(heads) + " |",
        "|---" * (len(heads) + 1) + "|",
    ]
    for action, row in ACCESS.items():
        cells = [HOW_FAR[row.roles[role]] if role in row.roles else "" for role in ROLES]
        lines.append(f"| {row.th}<br>{row.en}<br>`{action}` | " + " | ".join(cells) + " |")
    lines += [
        "",
        "- `✓` everywhere · `งานที่ได้รับมอบหมาย` on the visits they are assigned to ·",
        "  `สำนักงานของตน` for the office they are a member of, and its visits to read.",
        "- Nobody grants themselves a role; the database refuses it too.",
        "- At least one administrator with an open account always remains.",
        "- Nobody is sent to assess the office they work in; the database refuses it too.",
        "- A closed account loses its sign-ins and device keys at once; what a phone of theirs",
        "  still sends is taken in and held.",
    ]
    return "\n".join(lines) + "\n"
