"""What happens after a proposal: decisions, appeals, certificates, their moves."""

from app.certification.actions.appealing import add_photo, appeal, hear
from app.certification.actions.deciding import approve, open_to_correct, send_back, take_back
from app.certification.actions.issuing import issue_later, reissue
from app.certification.actions.keys import compromise, new_key, retire
from app.certification.actions.moving import move

__all__ = [
    "add_photo",
    "appeal",
    "approve",
    "compromise",
    "hear",
    "issue_later",
    "move",
    "new_key",
    "open_to_correct",
    "reissue",
    "retire",
    "send_back",
    "take_back",
]
