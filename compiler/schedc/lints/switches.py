"""The table `lints` of `schedc.toml`: `NAME = true`, `NAME = false`, or `NAME = { OPTION = ... }`."""

from __future__ import annotations

from typing import Any

from schedc import lints
from schedc.diagnostics.sink import Sink
from schedc.node import Node
from schedc.records import dataclass
from schedc.shapes import Boolean, Field, JsonSchema, Record


@dataclass(frozen=True, slots=True)
class Switch:
    """One lint: its settings as a dict, empty for `true`, None for `false`. Not each lint has options."""

    name: str

    def read(self, node: Node, sink: Sink) -> Any:
        if isinstance(node.value, dict) and self._options().fields:
            return self._options().read(node, sink)
        read = Boolean().read(node, sink)
        return {True: {}, False: None}.get(read, read)

    def schema(self) -> JsonSchema:
        options = self._options()
        return {"anyOf": [Boolean().schema(), options.schema()]} if options.fields else Boolean().schema()

    def _options(self) -> Record:
        return Record(lints.named(self.name).options, f"lints.{self.name}")


@dataclass(frozen=True, slots=True)
class Switches:
    """All lints by name; a lint is imported only where it is given options."""

    form: str = "mapping of lints to `true`, `false` or their options"

    def read(self, node: Node, sink: Sink) -> Any:
        return self._record().read(node, sink)

    def schema(self) -> JsonSchema:
        return self._record().schema()

    def _record(self) -> Record:
        return Record(tuple(Field(name, Switch(name)) for name in lints.names()), "lints")
