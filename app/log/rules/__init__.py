"""The log as mathematics: trees, the entries that are their leaves, and signed notes. Pure."""

from app.log.rules.entries import change_entry, epoch_entry, key_entry
from app.log.rules.notes import (
    BadNote,
    Checkpoint,
    open_note,
    origin_of,
    parse_checkpoint,
    sign_checkpoint,
    vkey_of,
)
from app.log.rules.tree import (
    EMPTY,
    Node,
    consistency_ranges,
    cover,
    grow,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    root_of,
    root_of_peaks,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "EMPTY",
    "BadNote",
    "Checkpoint",
    "Node",
    "change_entry",
    "consistency_ranges",
    "cover",
    "epoch_entry",
    "grow",
    "inclusion_ranges",
    "key_entry",
    "leaf_hash",
    "node_hash",
    "open_note",
    "origin_of",
    "parse_checkpoint",
    "root_of",
    "root_of_peaks",
    "sign_checkpoint",
    "verify_consistency",
    "verify_inclusion",
    "vkey_of",
]
