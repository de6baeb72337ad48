"""A disk that loses power: what was not forced to it may be gone, and only may.

The real code writes real files. Beside it stands what has surely reached the disk: a file's
bytes as they were at its last `fsync`, a folder's names as they were at its own. When the power
goes, each name and each file is either as it surely was, or as it just was, or in between, by
chance. A killed process loses nothing of this: what it wrote, the system still has.
"""

import os
import random
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TRIED = ("fsync", "replace", "unlink", "mkdir", "rmdir", "open")


class PowerCut(Exception):
    """From here on nothing happens any more."""


class PageCache:
    """Folders of a data folder, as the system sees them and as the disk surely has them."""

    def __init__(self, root: Path, folders: tuple[str, ...]) -> None:
        self.root, self.folders = root, folders
        self.bytes: dict[int, bytes] = {}
        self.names: dict[int, dict[str, int]] = {}
        self.open: list[int] = []  # held, so that no number of a file is given twice
        self.left: int | None = None
        self.dead = False
        self.liar: str | None = None
        root.mkdir(parents=True, exist_ok=True)
        self._all_is_sure()

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Stand between the code and the system from here on."""
        for name in TRIED:
            patch.setattr(os, name, self._between(getattr(os, name), name))

    def cut_after(self, steps: int) -> None:
        """Let so many steps be taken, and none after them."""
        self.left = steps

    def step(self) -> None:
        """One step is about to be taken."""
        if self.dead:
            raise PowerCut
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.dead = True
                raise PowerCut

    def killed(self) -> None:
        """Only the process died."""
        self.dead, self.left = False, None

    def lost_power(self, chance: random.Random) -> None:
        """The disk is left with what it surely has, and a chance share of the rest."""
        self.dead, self.left = False, None
        tree = self._folder_after(self.root, self.root.stat().st_ino, chance)
        for name in self.folders:
            shutil.rmtree(self.root / name, ignore_errors=True)
        _write(self.root, tree)
        self._all_is_sure()

    def clear(self) -> None:
        """An empty disk."""
        for name in self.folders:
            shutil.rmtree(self.root / name, ignore_errors=True)
        self._all_is_sure()

    def _between(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def work(*words: Any, **named: Any) -> Any:
            where = words[0] if name != "fsync" else _of(words[0])
            if not self._mine(where):
                return real(*words, **named)
            self.step()
            done = real(*words, **named)
            if name == "fsync":
                self._is_sure(words[0])
            return done

        return work

    def _mine(self, where: object) -> bool:
        if not isinstance(where, str | os.PathLike):
            return False
        path = Path(where)
        if path == self.root:
            return True
        inside = path.is_relative_to(self.root)
        return inside and path.relative_to(self.root).parts[0] in self.folders

    def _is_sure(self, handle: int) -> None:
        """A file or folder is on the disk as it is now."""
        told = os.fstat(handle)
        where = _of(handle)
        folder = stat.S_ISDIR(told.st_mode)
        if self.liar == ("folder" if folder else "file"):
            return
        self.open.append(os.dup(handle))
        if folder:
            self.names[told.st_ino] = self._listed(where)
        else:
            self.bytes[told.st_ino] = where.read_bytes()

    def _listed(self, folder: Path) -> dict[str, int]:
        """The names in a folder now; what they stand for is held."""
        found = {}
        for entry in os.scandir(folder):
            if folder != self.root or entry.name in self.folders:
                self.open.append(_hold(entry.path))
                found[entry.name] = os.fstat(self.open[-1]).st_ino
        return found

    def _all_is_sure(self) -> None:
        """After a start: what is there is on the disk."""
        while self.open:
            os.close(self.open.pop())
        self.bytes, self.names = {}, {}
        self.names[self.root.stat().st_ino] = self._listed(self.root)
        for name in self.folders:
            for folder, _, files in os.walk(self.root / name):
                self.names[Path(folder).stat().st_ino] = self._listed(Path(folder))
                for file in files:
                    path = Path(folder, file)
                    self.bytes[path.stat().st_ino] = path.read_bytes()

    def _folder_after(self, path: Path | None, number: int, chance: random.Random) -> Any:
        """A folder after a power cut. `path`: where it just was, if it was anywhere."""
        sure = self.names.get(number, {})
        just = {}
        if path is not None:
            just = {
                entry.name: entry.inode()
                for entry in os.scandir(path)
                if path != self.root or entry.name in self.folders
            }
        after = {}
        for name in sure.keys() | just.keys():
            kept = chance.choice([sure.get(name), just.get(name)])
            if kept is None:
                continue
            here = path / name if path is not None and just.get(name) == kept else None
            if kept in self.names or (here is not None and here.is_dir()):
                after[name] = self._folder_after(here, kept, chance)
            else:
                after[name] = self._file_after(here, kept, chance)
        return after

    def _file_after(self, path: Path | None, number: int, chance: random.Random) -> bytes:
        sure = self.bytes.get(number, b"")
        just = path.read_bytes() if path is not None else sure
        if just == sure:
            return sure
        part = just[: chance.randrange(len(just) + 1)]
        return chance.choice([sure, just, part, part.ljust(len(just), b"\0"), b""])


def _of(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}").readlink()


def _hold(path: str) -> int:
    return _open(path, os.O_RDONLY)


_open = os.open


def _write(folder: Path, tree: dict[str, Any]) -> None:
    for name, what in tree.items():
        if isinstance(what, bytes):
            (folder / name).write_bytes(what)
        else:
            (folder / name).mkdir()
            _write(folder / name, what)
