"""What is served of `static/`: the files, scripts and styles without their comments.

Not a build: a file in the browser is the file in the tree. Comments are a third of our
JavaScript, and a phone on a weak link need not fetch them.
"""

from functools import lru_cache

import rcssmin
import rjsmin

from app.kit.release import STATIC


@lru_cache(maxsize=512)
def served(path: str) -> bytes:
    """The bytes served for a file of `static/`, which must exist."""
    data = (STATIC / path).read_bytes()
    if path.startswith("vendor/"):
        return data  # exactly what its README names by hash
    if path.endswith(".js"):
        return str(rjsmin.jsmin(data.decode())).encode()
    if path.endswith(".css"):
        return str(rcssmin.cssmin(data.decode())).encode()
    return data
