"""What is served of `static/`: the files, scripts and styles without their comments.

Not a build: a file in the browser is the file in the tree. Comments are a third of our
JavaScript, and a phone on a weak link need not fetch them.
"""

import re
from functools import lru_cache
from typing import Final

import rcssmin
import rjsmin

from app.kit.release import STATIC

# Within a layer rcssmin takes `.bar :focus` for `.bar:focus`; a star says the same and stays.
_WITHIN: Final = re.compile(r"(?<=[\w)\]])(?<!@page)\s+:(?=[a-z])")


@lru_cache(maxsize=512)
def served(path: str) -> bytes:
    """The bytes served for a file of `static/`, which must exist."""
    data = (STATIC / path).read_bytes()
    if path.startswith("vendor/"):
        return data  # exactly what its README names by hash
    if path.endswith(".js"):
        return str(rjsmin.jsmin(data.decode())).encode()
    if path.endswith(".css"):
        return str(rcssmin.cssmin(_WITHIN.sub(" *:", data.decode()))).encode()
    return data
