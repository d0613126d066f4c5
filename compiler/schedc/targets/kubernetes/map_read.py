"""A mapping of an artifact whose keys are taken one by one, so that none is passed over."""

from __future__ import annotations

from typing import Any, NoReturn

from schedc.records import dataclass
from schedc.target import UnreadableArtifact


@dataclass(frozen=True, slots=True)
class Patched:
    """A value that the artifact itself says was patched in; nothing that is known here may be one."""

    value: Any


def unknown(path: str) -> NoReturn:
    raise UnreadableArtifact(f"{path.lstrip('.')} is not known")


def is_patched(value: Any) -> bool:
    """Whether a value holds patched values and nothing else."""
    return isinstance(value, Patched) or (
        isinstance(value, dict) and bool(value) and all(map(is_patched, value.values()))
    )


class Box:
    """A mapping and its path; `done` refuses what nobody took and no patch brought."""

    def __init__(self, data: Any, path: str) -> None:
        if not isinstance(data, dict):
            raise UnreadableArtifact(f"{path or 'the document'} is not a mapping")
        self.data = dict(data)
        self.path = path

    def at(self, key: str) -> str:
        return f"{self.path}.{key}".lstrip(".")

    def _take(self, key: str, kind: type, wanted: str, default: Any) -> Any:
        if key not in self.data:
            if default is ...:
                raise UnreadableArtifact(f"{self.at(key)} is missing")
            return default
        value = self.data.pop(key)
        if isinstance(value, Patched):
            raise UnreadableArtifact(f"{self.at(key)} comes from a patch, which cannot carry it")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise UnreadableArtifact(f"{self.at(key)} is not {wanted}")
        return value

    def text(self, key: str, default: Any = ...) -> Any:
        return self._take(key, str, "text", default)

    def number(self, key: str, default: int | None) -> int | None:
        value: int | None = self._take(key, int, "a whole number", default)
        if value is not None and value < 0:
            raise UnreadableArtifact(f"{self.at(key)} is negative")
        return value

    def boolean(self, key: str, default: bool) -> bool:
        return bool(self._take(key, bool, "true or false", default))

    def map(self, key: str, default: Any = ...) -> Box:
        return Box(self._take(key, dict, "a mapping", default), self.at(key))

    def texts(self, key: str) -> dict[str, str]:
        found = self._take(key, dict, "a mapping", {})
        for name, value in found.items():
            if isinstance(value, Patched):
                raise UnreadableArtifact(f"{self.at(key)}.{name} comes from a patch, which cannot carry it")
            if not isinstance(value, str):
                raise UnreadableArtifact(f"{self.at(key)}.{name} is not text")
        return dict(found)

    def strings(self, key: str) -> tuple[str, ...] | None:
        """A list of texts, or None where there is none."""
        if key not in self.data:
            return None
        texts = self.list(key)
        for i, text in enumerate(texts):
            if not isinstance(text, str):
                raise UnreadableArtifact(f"{self.at(key)}[{i}] is not text")
        return tuple(texts)

    def constant(self, key: str, value: Any, default: Any = ...) -> None:
        found = self._take(key, type(value), "of the known type", default)
        if found != value:
            raise UnreadableArtifact(f"{self.at(key)}: {found!r} is not known")

    def boxes(self, key: str) -> tuple[Box, ...]:
        """The mappings of a list."""
        return tuple(Box(item, f"{self.at(key)}[{i}]") for i, item in enumerate(self.list(key, ())))

    def list(self, key: str, default: Any = ...) -> list[Any]:
        return list(self._take(key, list, "a list", default))

    def without(self, *keys: str) -> None:
        """Refuses keys that no patch may bring either."""
        for key in keys:
            if key in self.data:
                unknown(self.at(key))

    def done(self) -> None:
        for key, value in self.data.items():
            if not is_patched(value):
                unknown(f"{self.path}.{key}")
