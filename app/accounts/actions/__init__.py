"""What is done to people, sign-ins and devices. `by` is a person's id; none: the system."""

from app.accounts.actions.devices import enrol, revoke_device
from app.accounts.actions.keys import enrol_key
from app.accounts.actions.people import (
    change_password,
    create,
    disable,
    enable,
    grant,
    rename,
    reset_password,
    revoke,
    set_email,
)
from app.accounts.actions.signing_in import (
    begin_try,
    end_other_sessions,
    end_session,
    fail,
    sign_in,
    sign_out,
)
from app.accounts.actions.tokens import end_token, make_token

__all__ = [
    "begin_try",
    "change_password",
    "create",
    "disable",
    "enable",
    "end_other_sessions",
    "end_session",
    "end_token",
    "enrol",
    "enrol_key",
    "fail",
    "grant",
    "make_token",
    "rename",
    "reset_password",
    "revoke",
    "revoke_device",
    "set_email",
    "sign_in",
    "sign_out",
]
