"""Running a module of the phone in node, for figures to compare with."""

import json
import subprocess

from app.settings import ROOT


def node(script: str, module: str, said: object) -> list[float]:
    """Run a script in node with a module of `static/js/domain`; the figures it prints."""
    path = (ROOT / "static" / "js" / "domain" / module).as_uri()
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script, path],
        input=json.dumps(said),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    figures: list[float] = json.loads(done.stdout)
    return figures
