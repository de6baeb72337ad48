"""What a harness did, told to whoever asks (`bin/reliability`): sums over its parts."""

import json
import os
from pathlib import Path

MEANT = os.environ.get("GECC_FIGURES")


def tell(harness: str, **counts: int) -> None:
    """Add these counts to the harness's, in the file GECC_FIGURES names; nothing otherwise."""
    if MEANT:
        with Path(MEANT).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"harness": harness, **counts}) + "\n")
