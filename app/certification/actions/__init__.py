"""What happens after a proposal: decisions, appeals, certificates, their moves."""

from app.certification.actions.appealing import add_photo, appeal, hear
from app.certification.actions.deciding import approve, open_to_correct, send_back, take_back

__all__ = [
    "add_photo",
    "appeal",
    "approve",
    "hear",
    "open_to_correct",
    "send_back",
    "take_back",
]
