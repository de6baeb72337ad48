"""Questions about people, sign-ins and devices; nothing here changes anything."""

from app.accounts.queries.entering import (
    caller,
    caller_of_device,
    caller_of_session,
    devices_of,
    failures,
    is_known_browser,
    knows_browser,
    same_password,
    sessions_of,
    signing_keys,
    signs_since,
)
from app.accounts.queries.people import (
    administrators,
    by_username,
    email_of,
    everybody,
    names,
    person,
    roles_of,
    with_role,
)
from app.accounts.queries.tokens import caller_of_token, token_names, tokens_of

__all__ = [
    "administrators",
    "by_username",
    "caller",
    "caller_of_device",
    "caller_of_session",
    "caller_of_token",
    "devices_of",
    "email_of",
    "everybody",
    "failures",
    "is_known_browser",
    "knows_browser",
    "names",
    "person",
    "roles_of",
    "same_password",
    "sessions_of",
    "signing_keys",
    "signs_since",
    "token_names",
    "tokens_of",
    "with_role",
]
