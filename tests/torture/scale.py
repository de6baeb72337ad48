"""How long a torture lasts: a minute in every run, an hour with `just torture`."""

import os

SCALE = 10 if os.environ.get("GECC_TORTURE") else 1
