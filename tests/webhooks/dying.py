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

        vars(gathering)["_step"] = stepped
    elif point == "after-commit":
        vars(jobs)["send_due"] = die
    elif point == "before-sending":
        vars(jobs)["send"] = die
    elif point == "after-sending":
        vars(jobs)["note"] = die
    settings = Settings()
    jobs.work(make_engine(settings.database), settings, utc_now)


if __name__ == "__main__":
    main(sys.argv[1])
