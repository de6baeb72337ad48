"""Workbooks in a process of their own: what a hostile one takes is given back when it ends.

A cell far out makes a sheet of billions, a small archive unpacks to gigabytes. Here that ends a
short-lived child with limits, not the server. Formulas are not run: their last value is read.
Run by path with the bytes on stdin:

    python -I workbook.py ROWS COLUMNS SIGNS   -> JSON [[name, rows], …] on stdout
"""

import io
import json
import resource
import sys
from typing import Any, Final

SECONDS: Final = 20
MEMORY: Final = 1024 * 1024 * 1024
SHEETS_MOST: Final = 10


def main() -> int:
    """Do what the arguments say; 0, or anything else for a file that cannot be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 -- within the limits just set

    most, columns, signs = (int(each) for each in sys.argv[1:])
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets = []
    for name in book.sheet_names[:SHEETS_MOST]:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=most)
        sheets.append([name, [[_plain(cell, signs) for cell in row[:columns]] for row in rows]])
    sys.stdout.write(json.dumps(sheets))
    return 0


def _plain(cell: Any, signs: int) -> Any:
    """A cell as JSON knows it; days and moments as their words."""
    if cell is None or isinstance(cell, bool | int | float):
        return cell if cell == cell and cell not in (float("inf"), float("-inf")) else str(cell)
    return str(cell)[:signs]


if __name__ == "__main__":
    sys.exit(main())
