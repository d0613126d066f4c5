"""Text that no engine can hold or run: names of images that are none, zero bytes, halves of characters."""

from __future__ import annotations

from collections.abc import Iterator

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.ir.schedule import Schedule
from schedc.ir.workload import Container, ScheduledTime, Steps

Place = tuple[str | int, ...]


def check_impossible_text(schedule: Schedule, sink: Sink) -> None:
    """Wherever a container runs, its image is fetched by name, and its words end at a zero byte."""
    for image, place in _images(schedule):
        wrong = _wrong_image(image)
        if wrong is not None:
            sink.add(
                rules.INVALID_VALUE,
                f"the image {wrong}",
                schedule.place(*place),
                help="write the image's reference, such as ghcr.io/acme/train:1.0",
            )
    for text, place in _texts(schedule):
        if "\0" in text:
            sink.add(
                rules.INVALID_VALUE,
                f"{_name(place)} holds a zero byte",
                schedule.place(*place),
                notes=("a program's arguments and environment end at a zero byte, and databases take none in a text",),
                help="pass it encoded, for example as base64" if place[0] == "run" else "take it out",
            )
        elif any(0xD800 <= ord(character) <= 0xDFFF for character in text):
            sink.add(
                rules.INVALID_VALUE,
                f"{_name(place)} holds half of a surrogate pair, which cannot be written as UTF-8",
                schedule.place(*place),
                help="write the whole character",
            )


def _wrong_image(image: str) -> str | None:
    if not image:
        return "is empty"
    if any(character.isspace() for character in image):
        return "has blanks in it"
    if not image.isprintable():
        code = next(ord(character) for character in image if not character.isprintable())
        return f"has the character U+{code:04X} in it, which cannot be seen"
    return None


def _name(place: Place) -> str:
    return next(str(part) for part in reversed(place) if isinstance(part, str))


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


def _texts(schedule: Schedule) -> Iterator[tuple[str, Place]]:
    for name, text in (("description", schedule.description), ("owner", schedule.owner)):
        if text is not None:
            yield text, (name,)
    for label, text in schedule.labels.items():
        yield label + text, ("labels", label)
    for run, here in _containers(schedule):
        for name, words in (("command", run.command), ("args", run.args)):
            for i, word in enumerate(words or ()):
                yield word.format if isinstance(word, ScheduledTime) else word, (*here, name, i)
        for name, value in run.env.items():
            if isinstance(value, str | ScheduledTime):
                yield value.format if isinstance(value, ScheduledTime) else value, (*here, "env", name)
        if "working_dir" in run.pod:
            yield run.pod["working_dir"], (*here, "working_dir")
