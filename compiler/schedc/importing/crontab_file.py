"""Crontabs, of a user or of the system, in the meaning of Debian's cron."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.engines.debian_cron import Reading, read
from schedc.importing.cron_words import expression
from schedc.importing.crontab_lines import Crontab, Entry, first_words, lines, looks_like, split_input
from schedc.importing.names import valid
from schedc.importing.source import Found, Item, Path, Settings
from schedc.importing.writing import Raw
from schedc.ir.calendar import never
from schedc.ir.stamps import short_wall
from schedc.ir.words import calendar_words
from schedc.ir.zones import zone
from schedc.proof.transitions import matches_at, touched
from schedc.proof_range import covered
from schedc.source import Span
from schedc.target import Told

_ZONES = ("CRON_TZ",)
_MAIL = ("MAILTO", "MAILFROM", "CONTENT_TYPE", "CONTENT_TRANSFER_ENCODING")
_OF_CRON = frozenset([*_ZONES, *_MAIL, "SHELL", "HOME", "LOGNAME", "USER"])
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_SHELLS = frozenset(["sh", "bash", "dash", "ash", "ksh", "zsh"])
_USERS = frozenset(["root", "nobody", "www-data", "postgres", "mail", "daemon", "backup", "news", "list", "systemd"])
IMAGE = "${values.image}"


def is_user_crontab(item: Item) -> bool:
    return looks_like(item.file.text) and not _has_users(item)


def is_system_crontab(item: Item) -> bool:
    return looks_like(item.file.text) and _has_users(item)


def _has_users(item: Item) -> bool:
    """By its path, or where each entry has a user's name that every machine knows before its command."""
    path = item.file.path
    if re.search(r"(^|/)(etc/crontab|cron\.d/[^/]+)$", path):
        return True
    found = list(first_words(item.file.text))
    return bool(found) and all(word in _USERS for word in found)


def read_crontab(item: Item, settings: Settings, sink: Sink, with_users: bool) -> Iterator[Found]:
    """Each entry that has a time; what counts for all of them is told once."""
    crontab = lines(item.file, with_users)
    _tell_problems(crontab, sink)
    _tell_settings(crontab, sink)
    taken: set[str] = set()
    told: set[str] = set()
    for entry in crontab.entries:
        name = _name(entry.command, taken)
        inner = sink.within(name)
        reading = _reading(entry, inner)
        if reading is None:
            continue
        taken.add(name)
        if not told:
            told.add("")
            _tell_assumed(entry, settings, sink)
        if entry.user is not None and entry.user not in told:
            told.add(entry.user)
            _tell_user(entry, sink)
        found = _found(entry, name, reading, settings, inner)
        if found is not None:
            yield found


def _tell_problems(crontab: Crontab, sink: Sink) -> None:
    for place, why in crontab.problems:
        sink.add(
            rules.IMPORT_DIFFERS,
            f"cron runs nothing of this file today: {why}",
            place,
            notes=("Debian's cron ignores a whole crontab for one mistake (load_user of user.c)",),
            help="mend it; what can be read was imported as if it were mended",
        )


def _tell_settings(crontab: Crontab, sink: Sink) -> None:
    for one in crontab.settings:
        if one.name in _ZONES:
            sink.add(
                rules.ASSUMED,
                f"{one.name} has no effect: Debian's cron goes by the clock of its machine",
                one.place,
                notes=("cronie, the cron of Red Hat, does go by it",),
                help=f"if the machine runs cronie, give --system-timezone {one.value[:60]}",
            )
        elif one.name in _MAIL and one.value:
            why = "no engine mails what a run prints; it is in the run's log"
            sink.add(rules.NOT_CARRIED, f"{one.name} is not carried", one.place, notes=(why,))
        elif not _ENV_NAME.fullmatch(one.name):
            why = "a variable has letters, digits and underscores in its name"
            sink.add(rules.NOT_CARRIED, f"{one.name[:80]!r} is not carried", one.place, notes=(why,))


def _tell_assumed(entry: Entry, settings: Settings, sink: Sink) -> None:
    if settings.system_timezone is None:
        sink.add(
            rules.ASSUMED,
            "a crontab names no zone: UTC was taken, and the zone of its machine counts",
            entry.time_place,
            notes=("on Debian the zone of a machine is that of /etc/localtime",),
            help="give --system-timezone ZONE",
        )
    if settings.image is None:
        sink.add(
            rules.ASSUMED,
            f"a crontab names no image: {IMAGE} stands for it",
            entry.command_place,
            help="give --image IMAGE, or define image under values in schedc.toml",
        )


def _tell_user(entry: Entry, sink: Sink) -> None:
    sink.add(
        rules.NOT_CARRIED,
        f"the user {entry.user} is not carried",
        entry.user_place,
        notes=("a container runs as the user of its image; a name means nothing in another image",),
        help="set run_as_user under security_context, if it matters",
    )


def _reading(entry: Entry, sink: Sink) -> Reading | None:
    """What cron makes of the time of an entry; None after it was told why that is no schedule."""
    if entry.time == "@reboot":
        sink.add(
            rules.NOT_IMPORTED,
            "an entry is not imported: `@reboot` is no time, and no engine starts a run when a machine does",
            entry.time_place,
        )
        return None
    reading = read(entry.time)
    if never(reading.calendar):
        sink.add(
            rules.NOT_IMPORTED,
            f"an entry is not imported, since it never fires today: {_why_never(entry.time)}",
            entry.time_place,
            help="write what was meant, and import it again",
        )
        return None
    return reading


def _why_never(time: str) -> str:
    backwards = [word for word in time.split() if re.search(r"[0-9a-zA-Z]-[0-9a-zA-Z]", word)]
    if backwards and never(read(time).calendar) and not re.search(r"\b(29|30|31)\b", time):
        return f"`{backwards[-1]}` runs backwards, and is empty to Debian's cron"
    return f"no day of any year matches `{time}`"


def _found(entry: Entry, name: str, reading: Reading, settings: Settings, sink: Sink) -> Found | None:
    timezone = settings.system_timezone or "UTC"
    text = expression(entry.time, reading.calendar)
    if text is None:
        sink.add(rules.NOT_IMPORTED, f"an entry is not imported: {entry.time!r} has no words here", entry.time_place)
        return None
    remarks = []
    if text != " ".join(entry.time.split()):
        remarks.append(f"Debian's cron reads {entry.time} as: {calendar_words(reading.calendar)}")
    container, places = _container(entry, settings, sink)
    fields: dict[str, Any] = {"cron_expression": text, "run": {"container": container}}
    if timezone != "UTC":
        fields["timezone"] = timezone
    if entry.above:
        fields["description"] = " ".join(entry.above)
    _tell_several(entry, name, reading, timezone, sink)
    return Found(
        name=name,
        place=entry.place,
        fields=fields,
        places={
            ("cron_expression",): entry.time_place,
            ("timezone",): entry.time_place,
            ("run",): entry.command_place,
            **places,
        },
        written=entry.time,
        told=Told(engine="debian_cron", crons=(entry.time,), timezone=timezone),
        remarks=tuple(remarks),
    )


def _tell_several(entry: Entry, name: str, reading: Reading, timezone: str, sink: Sink) -> None:
    """Several runs right after a gap, where a schedule has one."""
    if reading.follows_clock or reading.calendar.every_hour:
        return
    begin, end = covered(None, None)
    where = zone(timezone)
    for edge in touched(reading.calendar, timezone, begin, end):
        missed = matches_at(reading.calendar, timezone, edge, begin, end)
        if where.offsets[edge.segment] > where.offsets[edge.segment - 1] and len(missed) > 1:
            sink.add(
                rules.IMPORT_DIFFERS,
                f"on {short_wall(missed[0].wall)[:10]} cron runs it {len(missed)} times, one right after the other",
                entry.time_place,
                notes=(
                    f"it makes up for each of the times that clocks in {timezone} skip (the main loop of cron.c)",
                    "a schedule with dst_gap: run_after runs once then",
                ),
            )
            return


def _container(entry: Entry, settings: Settings, sink: Sink) -> tuple[dict[str, Any], dict[Path, Span]]:
    """What runs: the command by its shell, with its standard input in a here-document."""
    by_name = {one.name: one for one in entry.settings}
    shell = by_name["SHELL"].value if "SHELL" in by_name and by_name["SHELL"].value else "/bin/sh"
    command, given = split_input(entry.command)
    if given is not None:
        if shell.rsplit("/", 1)[-1] in _SHELLS:
            command = _with_input(command, given) if given else f"{{\n{command}\n}} < /dev/null"
        else:
            why = f"no here-document can be written for {shell[:60]}"
            sink.add(rules.NOT_CARRIED, "the standard input is not carried", entry.command_place, notes=(why,))
    image: Any = settings.image if settings.image is not None else Raw(IMAGE)
    container: dict[str, Any] = {"image": image, "command": [shell, "-c", command.strip(" \t")]}
    home = by_name.get("HOME")
    if home is not None and home.value.startswith("/"):
        container["working_dir"] = home.value
    env = {
        one.name: one.value
        for one in entry.settings
        if (one.name not in _OF_CRON or one.name == "HOME") and _ENV_NAME.fullmatch(one.name)
    }
    places: dict[Path, Span] = {("run", "container", "env", n): by_name[n].place for n in env}
    if env:
        container["env"] = env
    return container, places


def _with_input(command: str, given: str) -> str:
    end = "END"
    while end in given.split("\n"):
        end += "_"
    return f"{{\n{command.strip()}\n}} <<'{end}'\n{given}{end}"


_BEFORE = re.compile(
    r"\s*(?:[A-Za-z_][A-Za-z0-9_]*=\S*\s"
    r"|cd\s+\S+\s*(?:&&|;)"
    r"|(?:test|\[|command\s+-v|which)\s[^&;|]*(?:&&|;|\|\|)"
    r"|(?:sudo|nice|ionice|chronic|flock|timeout|time|env|exec|nohup|/usr/bin/env|run-one)(?:\s+-\S+(?:\s+\d+)?)*\s"
    r"|\S*lock\S*\s|\d+[smh]?\s|\()"
)
"""What stands before the program itself: variables, a folder, a test, a wrapper and its lock file or limit."""
_INTERPRETERS = re.compile(r"(?:python[0-9.]*|bash|sh|perl|php[0-9.]*|ruby|node|java)")


def _name(command: str, taken: set[str]) -> str:
    """A name from what the command runs, which none of the file has yet."""
    rest = command
    while before := _BEFORE.match(rest):
        rest = rest[before.end() :]
    parts = [word.strip("\"'();&|") for word in rest.split()]
    first = _base(parts[0]) if parts else ""
    if _INTERPRETERS.fullmatch(first) or first == "run-parts":
        of_it = next((word for word in parts[1:] if word and not word.startswith("-")), "")
        first = _base(of_it) or first
    base = valid(first) if first else "entry"
    name, number = base, 2
    while name in taken:
        name, number = f"{base[:58].rstrip('-')}-{number}", number + 1
    return name


def _base(word: str) -> str:
    last = word.rstrip("/").rsplit("/", 1)[-1]
    return re.sub(r"\.(?:sh|py|pl|rb|php|js|jar|bash)$", "", last)
