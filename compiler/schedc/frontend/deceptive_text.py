"""Characters that make a source look other than it is: what a reviewer reads must be what is compiled."""

from __future__ import annotations

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.patterns import pattern
from schedc.source import SourceFile, Span

_REORDERS = "\u202a-\u202e\u2066-\u2069"
_IN_YAML = pattern(f"[{_REORDERS}\x85\u2028\u2029]|\r")
_ELSEWHERE = pattern(f"[{_REORDERS}]|\r")
_MOST = 10
"""How many of a file are told of."""


def check_text(file: SourceFile, sink: Sink) -> None:
    """Tell of controls that reorder text, and of line ends that editors and reviews do not show as such.

    They are looked for in all of the text, comments too: an escape in quotes is seen, and is none of them.
    """
    if file.text.isascii() and "\r" not in file.text:
        return
    form = _ELSEWHERE if file.path.endswith((".py", ".toml")) else _IN_YAML
    for count, found in enumerate(form.finditer(file.text)):
        if count == _MOST:
            break
        code = ord(found[0])
        does = "reorders the text around it on a screen" if found[0] in _CONTROLS else "ends a line without being seen"
        sink.add(
            rules.DECEPTIVE_TEXT,
            f"the character U+{code:04X} {does}",
            Span(file, found.start(), found.end()),
            help=f'take it out; in quoted text, write it as "\\u{code:04x}"',
        )


_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_path(shown: str, sink: Sink) -> bool:
    """Whether the path of a source can be shown as it is: it stands in findings and in artifacts."""
    hidden = next((character for character in shown if not character.isprintable()), None)
    if hidden is None:
        return True
    visible = "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in shown)
    message = f"the path {visible} has the character U+{ord(hidden):04X} in it, which cannot be seen"
    sink.add(rules.DECEPTIVE_TEXT, message, help="rename the file or its folder")
    return False
