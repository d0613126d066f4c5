"""`# schedc: allow CODE reason`: a comment beside a schedule that lets it break a rule, if the rule can be allowed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from schedc.diagnostics import Replacement, rules
from schedc.diagnostics.sink import Allowance, Sink, can_be_allowed
from schedc.frontend.written import Written
from schedc.node import Node
from schedc.patterns import pattern
from schedc.source import SourceFile, Span

_COMMENT = pattern(r"#[ \t]*schedc:[ \t]*allow\b[ \t]*([^\s,]*)[ \t]*([^\n]*)")


def key_lines(written: Sequence[Written]) -> dict[str, list[int]]:
    """The lines on which schedules begin, in order, by the path of their file."""
    lines: dict[str, list[int]] = {}
    for one in written:
        lines.setdefault(one.place.file.path, []).append(one.place.position[0])
    return {path: sorted(found) for path, found in lines.items()}


def read_allowances(one: Written, lines: Mapping[str, list[int]], sink: Sink) -> frozenset[int]:
    """Take the comments on the lines of a schedule, and those right above it, as its allowances.

    `lines` is what `key_lines` gives. Gives where each of the comments begins in the file.
    """
    file = one.place.file
    if not _has_comments(file.text):
        return frozenset()
    first, last = _lines(one, lines.get(file.path, []))
    texts = sorted((n.span.start, n.span.end) for n in _scalars(one.node) if n.span.file is file)
    starts = [begin for begin, _ in texts]
    start = file.offset(first)
    end = file.offset(last + 1)
    taken = set()
    for found in _COMMENT.finditer(file.text, start, end):
        at = bisect_right(starts, found.start()) - 1
        if at >= 0 and found.start() < texts[at][1]:
            continue
        taken.add(found.start())
        _read(one.name, found, _span(file, found), sink)
    return frozenset(taken)


def tell_stray(written: Sequence[Written], taken: Collection[tuple[str, int]], sink: Sink) -> None:
    """Take the comments that stand beside no schedule as allowances of none; where a file has errors nobody knows."""
    broken = {d.span.file.path for d in sink.found if d.is_error and d.span is not None}
    for file in {one.place.file.path: one.place.file for one in written}.values():
        if not _has_comments(file.text) or file.path in broken:
            continue
        of_file = {at for path, at in taken if path == file.path}
        left = [found for found in _COMMENT.finditer(file.text) if found.start() not in of_file]
        inside = sorted(_not_comments(file)) if left else []
        starts = [start for start, _ in inside]
        for found in left:
            at = bisect_right(starts, found.start()) - 1
            if at < 0 or found.start() >= inside[at][1]:
                sink.allow(None, Allowance(found[1], found[2].strip(), _span(file, found)))


def _span(file: SourceFile, found: re.Match[str]) -> Span:
    return Span(file, found.start(), found.start() + len(found[0].rstrip()))


def _not_comments(file: SourceFile) -> list[tuple[int, int]]:
    """The stretches of a file that are no comment whatever stands in them; all of one that cannot be read."""
    if file.path.endswith(".py"):
        return _python_texts(file)
    from schedc.pyyaml import yaml

    try:
        events = list(yaml.parse(file.text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError:
        return [(0, len(file.text))]
    return [
        (e.start_mark.index, e.end_mark.index)
        for e in events
        if isinstance(e, yaml.ScalarEvent) and e.start_mark and e.end_mark
    ]


def _python_texts(file: SourceFile) -> list[tuple[int, int]]:
    import io
    import tokenize

    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(file.text).readline))
    except (tokenize.TokenError, SyntaxError):
        return [(0, len(file.text))]
    at = [(file.offset(t.start[0]) + t.start[1], file.offset(t.end[0]) + t.end[1], t.type) for t in tokens]
    return [(start, end) for start, end, kind in at if kind != tokenize.COMMENT]


@lru_cache(maxsize=8)
def _has_comments(text: str) -> bool:
    return "schedc:" in text and _COMMENT.search(text) is not None


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


_OF_OTHER_COMMANDS = frozenset({rules.TARGET_CHOICE.code, rules.STALE_ARTIFACT.code})
"""What only `schedc verify` or a compile with another format tells of."""


def tell_unused(sink: Sink, compiled: Collection[str] | None = None) -> None:
    """A warning for each allowance that nothing needed, of the schedules that were `compiled`, or all.

    A schedule with errors was not looked at to the end.
    """
    broken = {d.schedule for d in sink.found if d.is_error}
    told = [one for one in sink.allowances if one[0] not in broken and (compiled is None or one[0] in compiled)]
    for schedule, one in sorted(told, key=lambda named: named[1].code == rules.UNUSED_ALLOWANCE.code):
        if not one.used and one.code not in _OF_OTHER_COMMANDS:
            _tell(f"nothing in {schedule} breaks {one.code}", schedule, one, sink)
    for beside, one in sink.idle_allowances:
        if beside is not None:
            _tell(f"another comment allows {one.code} in {beside} already", beside, one, sink)
        else:
            sink.add(
                rules.UNUSED_ALLOWANCE,
                "the comment stands beside no schedule, and allows nothing",
                one.span,
                help="put it right above the schedule that it is for, or remove it",
            )


def _tell(message: str, schedule: str, one: Allowance, sink: Sink) -> None:
    sink.within(schedule).add(
        rules.UNUSED_ALLOWANCE,
        message,
        one.span,
        help="remove the comment",
        replacement=Replacement(_with_its_blanks(one.span), "", safe=True),
    )


def _with_its_blanks(comment: Span) -> Span:
    """A comment with the blanks before it, or its whole line where nothing else stands there."""
    text = comment.file.text
    start = len(text[: comment.start].rstrip(" \t"))
    end = text.find("\n", comment.end)
    end = len(text) if end < 0 else end
    is_alone = start == 0 or text[start - 1] == "\n"
    return Span(comment.file, start, min(end + is_alone, len(text)))


def _lines(one: Written, keys: Sequence[int]) -> tuple[int, int]:
    """The lines that belong to a schedule: the comments right above it, its own, up to the next schedule's."""
    file = one.place.file
    key = one.place.position[0]
    first = key
    while first > 1 and file.line(first - 1).lstrip().startswith("#"):
        first -= 1
    last = max([key, *(file.position(max(n.span.start, n.span.end - 1))[0] for n in _scalars(one.node))])
    following = keys[bisect_right(keys, key) :][:1]
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
