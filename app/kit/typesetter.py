"""A paper set in a process of its own: what setting it takes is given back when it ends.

The typesetter keeps what it has set in memory and leaves threads running; here both end with a
short-lived child, and a fault of it is no fault of the server (measured in docs/papers.md). Run
by path, in a folder that holds everything it may read:

    python -I typesetter.py FOLDER TEMPLATE FONTS TIMESTAMP   -> the PDF on stdout
"""

import resource
import sys
from typing import Final

SECONDS: Final = 60
MEMORY: Final = 3 * 1024 * 1024 * 1024
STANDARDS: Final = ("a-2b", "ua-1")


def main() -> int:
    """Do what the arguments say; 0, or 1 with the typesetter's words on stderr."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst  # noqa: PLC0415 -- within the limits just set

    folder, template, fonts, timestamp = sys.argv[1:]
    try:
        made = typst.compile(
            f"{folder}/{template}.typ",
            root=folder,
            font_paths=[fonts],
            ignore_system_fonts=True,
            pdf_standards=list(STANDARDS),
            timestamp=int(timestamp),
        )
    except typst.TypstError as error:
        sys.stderr.write(f"{error.diagnostic or error.message}\n")
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
