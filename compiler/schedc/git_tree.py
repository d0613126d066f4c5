"""What a revision of a git repository holds, read from its objects; the work tree and the index are never touched.

Nothing that a revision names is taken for an option, no filter or hook of the repository runs, and a file is never
written outside the folder that it is asked for.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from schedc.records import dataclass

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes of one file of a revision that are read."""

LARGEST_TREE = 512 * 1024 * 1024
"""Bytes of all files of a revision that are read."""

_POINTER = b"version https://git-lfs.github.com/spec/v1"
_LINK, _SUBMODULE = "120000", "160000"


class GitError(Exception):
    """A revision that cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The files of one revision, by path from the top of the repository with forward slashes.

    `name` is what the user called it. `prefix` is where the current folder lies below the top, such as `ml/`, or empty.
    `files` and `links` hold the names of objects, and sizes.
    """

    name: str
    folder: Path
    prefix: str
    files: Mapping[str, tuple[str, int]]
    links: Mapping[str, tuple[str, int]]
    submodules: frozenset[str]

    def holds(self, path: str) -> bool:
        """Whether a file or a folder of that path is there; the empty path is the top."""
        own = {path} & {*self.files, *self.links, *self.submodules}
        return bool(not path or own or any(p.startswith(f"{path}/") for p in (*self.files, *self.links)))


def split(text: str) -> tuple[str, str | None]:
    """A revision and a path, of `REV` or `REV:PATH`; a colon in braces belongs to the revision."""
    depth = 0
    for i, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if character == ":" and depth <= 0:
            return text[:i], text[i + 1 :]
    return text, None


def open_revision(name: str, folder: Path) -> Revision:
    """The files of a revision of the repository around a folder. Raises `GitError`."""
    if not name or "\0" in name:
        raise GitError("git: needs a revision, such as git:main or git:HEAD~1")
    prefix = _git(["rev-parse", "--show-prefix"], folder).decode("utf-8", "surrogateescape").removesuffix("\n")
    try:
        found = _git(["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{tree}}"], folder)
    except GitError:
        shallow = _git(["rev-parse", "--is-shallow-repository"], folder).strip() == b"true"
        more = "; a shallow clone has no older ones" if shallow else ""
        raise GitError(f"git has no revision {name!r} here{more}") from None
    tree = found.decode("ascii", "replace").strip()
    files, links, submodules = {}, {}, set()
    for line in _objects(["ls-tree", "-r", "-l", "-z", "--full-tree", tree], folder).split(b"\0")[:-1]:
        facts, _, raw = line.partition(b"\t")
        mode, _, identifier, size = facts.decode("ascii").split()
        path = os.fsdecode(raw)
        if mode == _SUBMODULE:
            submodules.add(path)
        elif mode == _LINK:
            links[path] = (identifier, int(size))
        else:
            files[path] = (identifier, int(size) if size.isdigit() else 0)
    return Revision(name, folder, prefix, files, links, frozenset(submodules))


def write(revision: Revision, folder: Path, wanted: Callable[[str], bool]) -> dict[str, str]:
    """Write those of the wanted files that are not there yet, bytes as they are stored; why others were not, by path.

    Raises `GitError`.
    """
    problems: dict[str, str] = {}
    files = {}
    for path, (identifier, size) in sorted(revision.files.items()):
        if not wanted(path):
            continue
        if not _is_plain(path):
            problems[path] = "its name leads out of the repository"
        elif size > LARGEST_FILE:
            problems[path] = f"it has more than the {LARGEST_FILE:,} bytes that are read"
        else:
            files[path] = identifier
    total = sum(revision.files[path][1] for path in files)
    if total > LARGEST_TREE:
        raise GitError(f"{revision.name} holds {total:,} bytes of sources, and at most {LARGEST_TREE:,} are read")
    data = _contents(set(files.values()), revision.folder)
    for path, identifier in files.items():
        if identifier not in data:
            problems[path] = "its content is not in this clone, which is a partial one"
        elif data[identifier].startswith(_POINTER):
            problems[path] = "git has only a pointer of Git LFS for it"
        elif reason := _put(folder, path, data[identifier]):
            problems[path] = reason
    return problems


def link(revision: Revision, folder: Path) -> dict[str, str]:
    """Make the links that stay inside a folder; why others were not made, by path. Raises `GitError`."""
    links = {path: identifier for path, (identifier, _) in sorted(revision.links.items()) if _is_plain(path)}
    data = _contents(set(links.values()), revision.folder)
    made = {}
    for path, identifier in links.items():
        place = folder / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            os.symlink(os.fsdecode(data.get(identifier, b"")), place)
            made[path] = place
        except (OSError, ValueError):
            continue
    root = os.path.realpath(folder)
    out = {path: place for path, place in made.items() if not _is_inside(os.path.realpath(place), root)}
    for place in out.values():
        place.unlink()
    return dict.fromkeys(out, "it is a link that leads out of the repository, and was not followed")


def _is_plain(path: str) -> bool:
    """Whether a name of a tree, which anybody can make up, stays below the folder that it is written to."""
    parts = path.split("/")
    odd = any(part in ("", ".", "..") or part.lower() == ".git" for part in parts)
    return not odd and not PurePosixPath(path).is_absolute() and not (os.sep == "\\" and any(c in path for c in "\\:"))


def _put(folder: Path, path: str, data: bytes) -> str | None:
    """Write one file; the reason where that cannot be."""
    place = folder / path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as file:
            file.write(data)
    except FileExistsError:
        return "another file has its name on this disk"
    except (OSError, ValueError) as error:
        return (error.strerror if isinstance(error, OSError) else None) or str(error)
    return None


def _is_inside(path: str, root: str) -> bool:
    return path == root or path.startswith(root + os.sep)


def _contents(identifiers: Iterable[str], folder: Path) -> dict[str, bytes]:
    """The contents of objects; those that are not there are left out."""
    ordered = sorted(identifiers)
    if not ordered:
        return {}
    stream = _objects(["cat-file", "--batch"], folder, "".join(f"{one}\n" for one in ordered).encode("ascii"))
    found, at = {}, 0
    for identifier in ordered:
        end = stream.index(b"\n", at)
        head = stream[at:end].split()
        at = end + 1
        if len(head) == 3:
            length = int(head[2])
            found[identifier] = stream[at : at + length]
            at += length + 1
    return found


def _objects(arguments: Sequence[str], folder: Path, given: bytes = b"") -> bytes:
    """What git says of objects, which a partial clone may lack."""
    try:
        return _git(arguments, folder, given)
    except GitError as error:
        try:
            _git(["config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$"], folder)
        except GitError:
            raise error from None
        raise GitError("this is a partial clone that lacks objects of the revision, and nothing is fetched") from None


def _git(arguments: Sequence[str], folder: Path, given: bytes = b"") -> bytes:
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    quiet |= {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}  # nothing is fetched, whatever is missing
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, input=given, capture_output=True, env={**os.environ, **quiet}, check=False
        )
    except FileNotFoundError:
        raise GitError("git is not installed, and git:REV is read through it") from None
    except (OSError, ValueError) as error:
        raise GitError(f"git cannot be run: {error}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        fatal = [line.removeprefix("fatal: ") for line in said if line.startswith("fatal: ")]
        raise GitError((fatal or said or [f"git {arguments[0]} failed"])[0])
    return done.stdout
