"""A server's process that is killed at one point: `python -m tests.webhooks.dying POINT`.

Settings come from the environment, as everywhere.
"""

import os
import signal
import sys
from typing import Any

from app.kit.clock import utc_now
from app.kit.database import make_engine
from app.settings import Settings
from app.webhooks import gathering, jobs

POINTS = ("before-commit", "after-commit", "before-sending", "after-sending")


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(point: str) -> None:
    """Do the background's work once, and die on the way."""
    if point == "before-commit":
        step = gathering._step

        def stepped(*said: Any, **more: Any) -> tuple[int, int]:
            done = step(*said, **more)
            die()
            return done

        setattr(gathering, "_step", stepped)  # noqa: B010
    elif point == "after-commit":
        setattr(jobs, "send_due", die)  # noqa: B010
    elif point == "before-sending":
        setattr(jobs, "send", die)  # noqa: B010
    elif point == "after-sending":
        setattr(jobs, "note", die)  # noqa: B010
    settings = Settings()
    jobs.work(make_engine(settings.database), settings, utc_now)


if __name__ == "__main__":
    main(sys.argv[1])
