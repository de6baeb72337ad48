"""One long-lived node process that answers line by line."""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from app.checklists.rules import Edition, canonical

PROGRAM = Path(__file__).parents[1] / "js" / "score.mjs"


class Node:
    """JavaScript's side of the comparison; `wrong` asks for a planted mistake."""

    def __init__(self, program: Path = PROGRAM, *, wrong: bool = False) -> None:
        command = ["node", str(program), "--serve", *(["--wrong"] if wrong else [])]
        self.known = ""  # the edition node has, by its SHA-256
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def answer(self, edition: Edition, document: Any) -> str:
        """The line node prints: canonical JSON, errors too."""
        new = edition.sha256 != self.known
        ask = {"edition": edition.as_json() if new else None, "input": document}
        self.known = edition.sha256
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(ask) + "\n")
        stdin.flush()
        return stdout.readline().rstrip("\n")

    def __enter__(self) -> "Node":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


def said(edition: Edition, document: Any) -> str:
    """What Python says, in the same words as `Node.answer`."""
    from app.scoring.rules import BadAnswers, parse_answers, tally

    try:
        return canonical(tally(edition, parse_answers(document, edition)).as_json())
    except BadAnswers as bad:
        return canonical(
            {"error": {"kind": bad.kind, "at": bad.at, "th": bad.th, "en": bad.en}}
        )
