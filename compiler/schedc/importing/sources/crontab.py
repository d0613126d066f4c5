"""The crontab of a user: five fields and a command."""

from __future__ import annotations

from collections.abc import Iterable

from schedc.diagnostics.sink import Sink
from schedc.importing.crontab_file import is_user_crontab, read_crontab
from schedc.importing.source import Found, Item, Settings, Source


def read(item: Item, settings: Settings, sink: Sink) -> Iterable[Found]:
    return read_crontab(item, settings, sink, with_users=False)


SOURCE = Source(
    name="crontab",
    title="crontabs",
    targets=("kubernetes",),
    recognises=is_user_crontab,
    read=read,
    is_text=True,
)
