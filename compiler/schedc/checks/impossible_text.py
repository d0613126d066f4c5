"""Text that no engine can hold or run, or that no reviewer can read: zero bytes, halves of characters, characters that
are none, and controls that reorder what stands around them; names of images that are none; words too long to pass."""

from __future__ import annotations

from collections.abc import Iterator

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.workload import Container, Steps
from schedc.node import Node
from schedc.patterns import pattern
from schedc.source import Span

Place = tuple[str | int, ...]

LONGEST_WORD = 131_071
"""Bytes of one argument or variable that Linux hands to a program (`MAX_ARG_STRLEN`, less the zero at its end)."""

_IMPOSSIBLE = pattern(
    "[\0\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)


def check_impossible_text(schedule: Schedule, sink: Sink) -> None:
    """Every key and text of a schedule, options of targets too."""
    for image, place in _images(schedule):
        wrong = _wrong_image(image)
        if wrong is not None:
            sink.add(
                rules.INVALID_VALUE,
                f"the image {wrong}",
                schedule.place(*place),
                help="write the image's reference, such as ghcr.io/acme/train:1.0",
            )
    for name, text, span in _texts(schedule.node):
        if text.isascii() and "\0" not in text:
            continue
        found = _IMPOSSIBLE.search(text)
        if found is not None:
            _tell(name, found[0], span, sink)
    for word, place in _words(schedule):
        if len(word) > LONGEST_WORD or (len(word) * 4 > LONGEST_WORD and _bytes(word) > LONGEST_WORD):
            message = (
                f"{_name(place)} has {_bytes(word):,} bytes, and a program gets at most {LONGEST_WORD:,} in one word"
            )
            help = "keep it in a file or a ConfigMap, and mount that"
            sink.add(rules.INVALID_VALUE, message, schedule.place(*place), help=help)


def _tell(name: str, character: str, span: Span, sink: Sink) -> None:
    code = f"U+{ord(character):04X}"
    notes: tuple[str, ...] = ()
    if character == "\0":
        message = f"{name} holds a zero byte, {code}"
        notes = ("a program's arguments and environment end at a zero byte, and databases take none in a text",)
        help = "take it out, or pass it encoded, for example as base64"
    elif "\ud800" <= character <= "\udfff":
        message = f"{name} holds half of a surrogate pair, {code}, which cannot be written as UTF-8"
        help = "write the whole character"
    elif character in _REORDER:
        message = f"{name} holds {code}, which reorders the text around it on a screen"
        notes = ("a reviewer would read something else than what runs",)
        help = "take it out"
    else:
        message = f"{name} holds {code}, which is no character"
        notes = ("Unicode keeps it out of texts, and formats may refuse or drop it",)
        help = "take it out"
    sink.add(rules.INVALID_VALUE, message, span, notes=notes, help=help)


_REORDER = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _wrong_image(image: str) -> str | None:
    if not image:
        return "is empty"
    if any(character.isspace() for character in image):
        return "has blanks in it"
    if not image.isprintable():
        code = next(ord(character) for character in image if not character.isprintable())
        return f"has the character U+{code:04X} in it, which cannot be seen"
    return None


def _bytes(word: str) -> int:
    return len(word.encode("utf-8", "surrogatepass"))


def _name(place: Place) -> str:
    return next(str(part) for part in reversed(place) if isinstance(part, str))


def _texts(node: Node, name: str = "the schedule") -> Iterator[tuple[str, str, Span]]:
    """Each key and text of a tree with the key that it belongs to."""
    if isinstance(node.value, dict):
        for key, entry in node.value.items():
            yield "a key", key, entry.key
            yield from _texts(entry.node, key if key.isprintable() else name)
    elif isinstance(node.value, list):
        for item in node.value:
            yield from _texts(item, name)
    elif isinstance(node.value, str):
        yield name, node.value, node.span


def _containers(schedule: Schedule) -> Iterator[tuple[Container, Place]]:
    run = schedule.run
    if isinstance(run, Container):
        yield from _with_init(run, ("run", "container"))
    elif isinstance(run, Steps):
        for step in run.steps:
            yield from _with_init(step.container, ("run", "steps", step.name))


def _with_init(run: Container, here: Place) -> Iterator[tuple[Container, Place]]:
    yield run, here
    for i, init in enumerate(run.init_containers):
        yield from _with_init(init.container, (*here, "init_containers", i))


def _images(schedule: Schedule) -> Iterator[tuple[str, Place]]:
    for run, here in _containers(schedule):
        yield run.image, (*here, "image")


def _words(schedule: Schedule) -> Iterator[tuple[str, Place]]:
    """What is handed to programs."""
    for run, here in _containers(schedule):
        for name, words in (("command", run.command), ("args", run.args)):
            for i, word in enumerate(words or ()):
                if isinstance(word, str):
                    yield word, (*here, name, i)
        for name, value in run.env.items():
            if isinstance(value, str):
                yield f"{name}={value}", (*here, "env", name)
