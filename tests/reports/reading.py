"""Papers read back by other programs: poppler for words and pictures, qpdf for the file."""

import io
import re
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

QUIET = {"capture_output": True, "text": True, "check": True}


@contextmanager
def filed(paper: bytes) -> Iterator[Path]:
    """The paper as a file, for programs that want one."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(paper)
        file.flush()
        yield Path(file.name)


def said_by(*command: str | Path) -> str:
    done = subprocess.run(
        [str(one) for one in command], capture_output=True, check=True, timeout=60
    )
    return done.stdout.decode("utf-8")


def text_of(paper: bytes) -> str:
    with filed(paper) as path:
        return said_by("pdftotext", path, "-")


def plain(text: str) -> str:
    """Text as it is compared: NFC, sara am in one sign, no signs without width."""
    text = unicodedata.normalize("NFC", text).replace("\u0e4d\u0e32", "\u0e33")
    text = re.sub("\u0e4d([\u0e48-\u0e4b])\u0e32", "\\1\u0e33", text)
    return re.sub("[\u00ad\u200b-\u200d\ufeff]", "", text)


def words_of(paper: bytes) -> list[str]:
    return plain(text_of(paper)).split()


def words_missing(paper: bytes, *source: str) -> list[str]:
    """The words of these texts that cannot be found in the paper.

    Copying Thai from our PDFs repeats signs under some stacked marks, and a line may end
    anywhere between words (docs/papers.md): so a word is looked for in all that was read, with
    the line ends taken out.
    """
    read = re.sub(r"\s+", "", plain(text_of(paper)))
    words = {word for text in source for word in plain(text).split()}
    return sorted(word for word in words if word not in read)


def pages_of(paper: bytes) -> int:
    with filed(paper) as path:
        return int(re.findall(r"Pages:\s+(\d+)", said_by("pdfinfo", path))[0])


def pictures(paper: bytes, dpi: int, first: int = 1, last: int = 1) -> list[Image.Image]:
    """Pages in grey, as a reader of codes sees them."""
    return [one.convert("L") for one in colour_pictures(paper, dpi, first, last)]


def colour_pictures(paper: bytes, dpi: int, first: int = 1, last: int = 1) -> list[Image.Image]:
    """Pages as people see them."""
    with filed(paper) as path, tempfile.TemporaryDirectory() as folder:
        where = ["-f", str(first), "-l", str(last), "-r", str(dpi), "-png"]
        said_by("pdftoppm", *where, path, Path(folder) / "page")
        made = sorted(Path(folder).iterdir())
        return [Image.open(io.BytesIO(one.read_bytes())).convert("RGB") for one in made]


def sound(paper: bytes) -> None:
    """A whole file, as qpdf sees it, in PDF/A with its words tagged and every font inside."""
    with filed(paper) as path:
        said_by("qpdf", "--check", path)
        fonts = said_by("pdffonts", path).splitlines()[2:]
        assert fonts, "no words at all"
        for line in fonts:
            emb, sub, uni = line.split()[-5:-2]
            assert (emb, sub, uni) == ("yes", "yes", "yes"), line
            assert "+Sarabun-" in line, line
        about = said_by("pdfinfo", path)
        assert re.search(r"Tagged:\s+yes", about), about
    meta = re.sub(rb"\s+", b"", paper)
    assert b"<pdfaid:part>2</pdfaid:part>" in meta
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in meta
