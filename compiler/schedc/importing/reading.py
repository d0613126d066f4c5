"""Files become what was found in them: each text or document is read by the kind that recognises it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from schedc.diagnostics import rules
from schedc.diagnostics.sink import Sink
from schedc.importing.documents import documents
from schedc.importing.source import Found, Item, Settings, Source
from schedc.importing.sources import sources
from schedc.node import Node
from schedc.records import replace
from schedc.source import SourceFile


def read_files(
    files: Sequence[SourceFile], settings: Settings, kind: str | None, named: frozenset[str], sink: Sink
) -> list[Found]:
    """All schedules of some files, in their order; `kind` is asked alone. A file in `named` must hold something."""
    chosen = [sources()[kind]] if kind else list(sources().values())
    found: list[Found] = []
    beside: set[str] = set()
    for file in files:
        if file.path not in beside:
            found += _of_file(file, settings, chosen, kind is not None, file.path in named, beside, sink)
    return found


def _of_file(
    file: SourceFile,
    settings: Settings,
    chosen: Sequence[Source],
    forced: bool,
    named: bool,
    beside: set[str],
    sink: Sink,
) -> Iterator[Found]:
    whole = Item(file)
    for one in chosen:
        if one.is_text and (forced or one.recognises(whole)):
            beside.update(one.beside(whole, settings))
            yield from _read(one, whole, settings, sink)
            return
    inner = sink if named or forced else Sink()
    roots = documents(file, inner)
    if roots is None:
        return
    passed: Counter[str] = Counter()
    read = 0
    for item in (Item(file, node) for root in roots for node in _listed(root)):
        taken = next((one for one in chosen if not one.is_text and one.recognises(item)), None)
        if taken is None:
            passed[_called(item.node)] += 1
        else:
            read += 1
            beside.update(taken.beside(item, settings))
            yield from _read(taken, item, settings, sink)
    if passed and read:
        listed = ", ".join(f"{count} {name}" for name, count in sorted(passed.items()))
        sink.add(rules.PASSED_OVER, f"{file.path} holds more, which is no schedule: {listed}", Item(file).place)
    elif not read and named:
        sink.add(
            rules.UNKNOWN_SOURCE,
            f"{file.path} holds nothing that can be imported",
            Item(file).place,
            notes=(f"what can be imported: {', '.join(one.title for one in sources().values())}",),
            help="say what it is with --from-kind, if it is one of these",
        )


def _read(source: Source, item: Item, settings: Settings, sink: Sink) -> Iterable[Found]:
    for one in source.read(item, settings, sink):
        targets = settings.targets or source.targets
        fields = dict(one.fields)
        places = dict(one.places)
        if targets and ("deploy_to" not in fields or settings.targets):
            fields["deploy_to"] = list(targets)
        yield replace(one, fields=fields, places=places, origin=source.name)


def _listed(root: Node) -> Iterable[Node]:
    """The documents of a `v1.List` or of a JSON array, or the one document."""
    if isinstance(root.value, list):
        return [inner for item in root.value for inner in _listed(item)]
    items = root.get("items")
    kind = root.get("kind")
    is_list = kind is not None and isinstance(kind.value, str) and kind.value.endswith("List")
    if is_list and items is not None and isinstance(items.value, list):
        return [inner for item in items.value for inner in _listed(item)]
    return [root]


def _called(node: Node | None) -> str:
    kind = node.get("kind") if node else None
    return kind.value[:60] if kind is not None and isinstance(kind.value, str) else "unknown documents"
