"""The crontab of a system, /etc/crontab and /etc/cron.d: five fields, a user and a command."""

from __future__ import annotations

from collections.abc import Iterable

from schedc.diagnostics.sink import Sink
from schedc.importing.crontab_file import is_system_crontab, read_crontab
from schedc.importing.source import Found, Item, Settings, Source


def read(item: Item, settings: Settings, sink: Sink) -> Iterable[Found]:
    return read_crontab(item, settings, sink, with_users=True)


SOURCE = Source(
    name="system-crontab",
    title="crontabs with users",
    targets=("kubernetes",),
    recognises=is_system_crontab,
    read=read,
    is_text=True,
)
