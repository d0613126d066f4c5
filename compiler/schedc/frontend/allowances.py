"""`# schedc: allow CODE reason`: a comment beside a schedule that lets it break a rule, if the rule can be allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Allowance, Sink, can_be_allowed
from schedc.frontend.written import Written
from schedc.node import Node
from schedc.source import Span

_COMMENT = re.compile(r"#[ \t]*schedc:[ \t]*allow\b[ \t]*([^\s,]*)[ \t]*([^\n]*)")


def read_allowances(one: Written, others: Sequence[Written], sink: Sink) -> None:
    """Take the comments on the lines of a schedule, and those right above it, as its allowances."""
    file = one.place.file
    if not _has_comments(file.text):
        return
    first, last = _lines(one, others)
    texts = [(n.span.start, n.span.end) for n in _scalars(one.node) if n.span.file is file]
    start = file.offset(first)
    end = file.offset(last + 1)
    for found in _COMMENT.finditer(file.text, start, end):
        if any(begin <= found.start() < close for begin, close in texts):
            continue
        _read(one.name, found, Span(file, found.start(), found.start() + len(found[0].rstrip())), sink)


@lru_cache(maxsize=8)
def _has_comments(text: str) -> bool:
    return _COMMENT.search(text) is not None


def _read(schedule: str, found: re.Match[str], span: Span, sink: Sink) -> None:
    name, reason = found[1], found[2].strip()
    rule = rules.BY_KEY.get(name.upper()) or rules.BY_KEY.get(name.lower())
    if rule is None:
        sink.add(
            rules.INVALID_ALLOWANCE,
            f"{name!r} is not a rule" if name else "the comment names no rule",
            span,
            help="write # schedc: allow CODE reason; schedc explain CODE shows a rule",
        )
    elif not can_be_allowed(rule):
        sink.add(
            rules.INVALID_ALLOWANCE,
            f"{rule.code} {rule.name} cannot be allowed",
            span,
            notes=("what is refused or proved wrong stays so; warnings can be allowed",),
        )
    elif not reason:
        help = f"say why: # schedc: allow {rule.code} the reason"
        sink.add(rules.INVALID_ALLOWANCE, "the comment gives no reason", span, help=help)
    else:
        sink.allow(schedule, Allowance(rule.code, reason, span))


def tell_unused(sink: Sink) -> None:
    """A warning for each allowance that nothing needed; a schedule with errors was not looked at to the end."""
    broken = {d.schedule for d in sink.found if d.is_error}
    for schedule, one in sink.allowances:
        if not one.used and schedule not in broken:
            message = f"nothing in {schedule} breaks {one.code}"
            sink.within(schedule).add(rules.UNUSED_ALLOWANCE, message, one.span, help="remove the comment")


def _lines(one: Written, others: Sequence[Written]) -> tuple[int, int]:
    """The lines that belong to a schedule: the comments right above it, its own, up to the next schedule's."""
    file = one.place.file
    key = one.place.position[0]
    first = key
    while first > 1 and file.line(first - 1).lstrip().startswith("#"):
        first -= 1
    last = max([key, *(file.position(max(n.span.start, n.span.end - 1))[0] for n in _scalars(one.node))])
    following = [o.place.position[0] for o in others if o.place.file is file and o.place.position[0] > key]
    return first, min([last, *(line - 1 for line in following)])


def _scalars(node: Node) -> Iterator[Node]:
    if isinstance(node.value, dict):
        for entry in node.value.values():
            yield from _scalars(entry.node)
    elif isinstance(node.value, list):
        for item in node.value:
            yield from _scalars(item)
    else:
        yield node
