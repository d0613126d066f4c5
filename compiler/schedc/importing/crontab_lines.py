"""The lines of a crontab as Debian's cron takes them apart: `load_user`, `load_env`, `load_entry`, `child_process`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schedc.engines.debian_cron import read
from schedc.engines.model import CronError
from schedc.records import dataclass, field, replace
from schedc.source import SourceFile, Span

LONGEST_COMMAND = 998
"""Characters of a command; a longer one makes cron ignore the file (`MAX_COMMAND`)."""
_ENTRY = re.compile(r"[ \t]*(?P<time>@[^ \t]+|(?:[^ \t]+[ \t]+){4}[^ \t]+)[ \t]+(?P<rest>.*)")
_ENTRY_LIKE = re.compile(
    r"[ \t]*-?(?:@[a-z]+|(?:[0-9*][0-9*,/-]*[ \t]+){2}(?:[0-9*?][^ \t]*|[A-Za-z]{3}\b[^ \t]*)[ \t])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A variable, from this line on."""

    name: str
    value: str
    place: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`time` is its text as it stands; `user` is the word before the command of a system crontab."""

    time: str
    user: str | None
    command: str
    place: Span
    time_place: Span
    command_place: Span
    user_place: Span | None = None
    dashed: bool = False
    above: tuple[str, ...] = ()
    """The comment right above it."""
    settings: tuple[Setting, ...] = ()
    """The variables that count for it, the last value of each."""


@dataclass(slots=True)
class Crontab:
    """What stands in a file; `problems` are reasons for which cron ignores all of it."""

    entries: list[Entry] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    problems: list[tuple[Span, str]] = field(default_factory=list)


def looks_like(text: str) -> bool:
    """Whether a text is a crontab: at least one entry, and nothing but entries, variables and comments."""
    found = 0
    for line in text.splitlines():
        if not line.strip(" \t") or line.lstrip(" \t").startswith("#"):
            continue
        if _ENTRY_LIKE.match(line):
            found += 1
        elif setting(line) is None:
            return False
    return found > 0


def lines(file: SourceFile, with_users: bool) -> Crontab:
    """Everything that a file holds; an entry that cron cannot read is a problem, and is left out."""
    result = Crontab()
    current: dict[str, Setting] = {}
    above: list[str] = []
    start = 0
    for line in file.text.split("\n"):
        here = Span(file, start, start + len(line))
        start += len(line) + 1
        bare = line.strip(" \t")
        if not bare or bare.startswith("#"):
            above = [*above, bare.lstrip("# \t").rstrip()] if bare else []
            continue
        one = setting(line)
        if one is not None:
            made = Setting(name=one[0], value=one[1], place=here)
            current[made.name] = made
            result.settings.append(made)
        else:
            entry = _entry(line, here, with_users, result)
            if entry is not None:
                said = tuple(above) if _describes(above) else ()
                result.entries.append(
                    replace(entry, above=said, settings=tuple(current[name] for name in sorted(current)))
                )
        above = []
    if file.text and not file.text.endswith("\n"):
        end = len(file.text)
        result.problems.append((Span(file, end, end), "its last line has no end"))
    return result


def _describes(above: list[str]) -> bool:
    """Whether the comment above an entry is about it: a line or two of words, and no entry that is switched off."""
    text = " ".join(above)
    return (
        0 < len(above) <= 2
        and bool(re.search(r"[A-Za-z]{3}", text))
        and not any(_ENTRY_LIKE.match(line) or setting(line) for line in above)
        and not re.search(r"\bdo[mw]\b|\bhour\b.*\bday\b", text)
    )


def _entry(line: str, here: Span, with_users: bool, result: Crontab) -> Entry | None:
    dash = re.match(r"[ \t]*-(?=[0-9*@])", line)
    body = line[dash.end() :] if dash else line
    shift = len(line) - len(body)
    if dash:
        result.problems.append((here.part(shift - 1, shift), "a - before an entry is no word of this cron"))
    found = _ENTRY.match(body)
    if found is None:
        result.problems.append((here, "it has no five fields and a command after them"))
        return None

    def part(name: str) -> Span:
        return here.part(found.start(name) + shift, found.end(name) + shift)

    try:
        if found["time"] != "@reboot":
            read(found["time"])
    except CronError as error:
        result.problems.append((part("time"), str(error)))
        return None
    user, command, at, user_place = None, found["rest"], found.start("rest") + shift, None
    if with_users:
        named = re.match(r"([^ \t]+)[ \t]+(?=[^ \t])", command)
        if named is None:
            result.problems.append((part("rest"), "it has a user and no command"))
            return None
        user, command = named[1], command[named.end() :]
        user_place = here.part(at, at + len(user))
        at += named.end()
    elif command.startswith("*"):
        result.problems.append((part("rest"), "a command does not begin with a star"))
        return None
    if not command.strip():
        result.problems.append((here, "it has no command"))
        return None
    if len(command) > LONGEST_COMMAND:
        result.problems.append((here.part(at, at + 20), f"its command has more than {LONGEST_COMMAND} characters"))
    return Entry(
        time=found["time"],
        user=user,
        command=command,
        place=here,
        time_place=part("time"),
        command_place=here.part(at, len(line)),
        user_place=user_place,
        dashed=dash is not None,
    )


def setting(line: str) -> tuple[str, str] | None:
    """`load_env`: a name and a value, each in quotes or not, with an equals sign between; None for another line."""
    rest = line.lstrip(" \t")
    if rest[:1] in ("'", '"'):
        end = rest.find(rest[0], 1)
        if end < 0 or "=" in rest[:end]:
            return None
        name, rest = rest[1:end], rest[end + 1 :]
    else:
        found = re.match(r"[^\s=]*", rest)
        assert found is not None
        name, rest = found[0], rest[found.end() :]
    equals = re.match(r"\s*=\s*", rest)
    if equals is None or not name:
        return None
    rest = rest[equals.end() :]
    if rest[:1] in ("'", '"'):
        end = rest.find(rest[0], 1)
        return (name, rest[1:end]) if end > 0 and not rest[end + 1 :].strip() else None
    value = rest.rstrip()
    return name, value


def split_input(command: str) -> tuple[str, str | None]:
    """`child_process`: the command, and what it is given as standard input; `\\%` is a percent sign in both."""
    text, escaped = "", False
    for i, one in enumerate(command):
        if escaped:
            text = text[:-1] + one if one in "%\\" else text + one
            escaped = False
        elif one == "%":
            return text, _input(command[i + 1 :])
        else:
            text += one
            escaped = one == "\\"
    return text, None


def _input(text: str) -> str:
    result, escaped = "", False
    for one in text:
        if escaped and one != "%":
            result += "\\"
        elif one == "%" and not escaped:
            one = "\n"
        escaped = one == "\\"
        result += "" if escaped else one
    result += "\\" if escaped else ""
    return result if not result or result.endswith("\n") else result + "\n"


def first_words(crontab: str) -> Iterator[str]:
    """The words after the times of all entries, where a system crontab has its users."""
    for line in crontab.splitlines():
        found = _ENTRY.match(line) if _ENTRY_LIKE.match(line) else None
        if found is not None:
            yield found["rest"].split(None, 1)[0] if found["rest"].split() else ""
