"""OCPS 1.1: nicknames."""

from __future__ import annotations

import pytest
from schedc.frontend.cron_expression import read_cron
from schedc.frontend.cron_mistakes import Kind


@pytest.mark.parametrize(
    ("nickname", "same_as"),
    [
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
        ("@monthly", "0 0 1 * *"),
        ("@weekly", "0 0 * * 0"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@hourly", "0 * * * *"),
        ("@DAILY", "0 0 * * *"),
        (" \t@Weekly ", "0 0 * * SUN"),
    ],
)
def test_nicknames(nickname: str, same_as: str) -> None:
    assert read_cron(nickname) == read_cron(same_as)
    assert read_cron(nickname)[0] is not None


@pytest.mark.parametrize(
    ("text", "kind", "stretch", "remedy"),
    [
        ("@reboot", Kind.REBOOT, "@reboot", None),
        ("@every 5m", Kind.EVERY, "@every 5m", "set `interval_second` and `start_time` instead of `cron_expression`"),
        ("@every", Kind.EVERY, "@every", "set `interval_second` and `start_time` instead of `cron_expression`"),
        ("@dayly", Kind.UNKNOWN_NICKNAME, "@dayly", "write `@daily`"),
        ("@", Kind.UNKNOWN_NICKNAME, "@", None),
        (" @daily 5 *", Kind.FIELD_COUNT, "5 *", "write `@daily`"),
    ],
)
def test_other_nicknames_have_their_own_reasons(text: str, kind: Kind, stretch: str, remedy: str | None) -> None:
    calendar, (mistake,) = read_cron(text)
    assert calendar is None
    assert (mistake.kind, text[mistake.start : mistake.end]) == (kind, stretch)
    if remedy:
        assert mistake.help == remedy
