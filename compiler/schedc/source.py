"""Where a thing was written: a source file and a half-open stretch of its text."""

from __future__ import annotations

from bisect import bisect_right

from schedc.records import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read. `path` is relative to the project, with forward slashes."""

    path: str
    text: str = field(repr=False)
    _starts: list[int] = field(default_factory=list, compare=False, repr=False)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both from 1."""
        if not self._starts:
            self._starts.append(0)
            at = self.text.find("\n")
            while at >= 0:
                self._starts.append(at + 1)
                at = self.text.find("\n", at + 1)
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int) -> int:
        """Where a line begins, counted from 1; the end of the text for one that is not there."""
        self.position(0)
        return self._starts[line - 1] if line <= len(self._starts) else len(self.text)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its end."""
        self.position(0)
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` up to, not including, `end` of a file."""

    file: SourceFile
    start: int
    end: int

    def part(self, start: int, end: int) -> Span:
        """The stretch of this span from `start` to `end`, both counted from its beginning."""
        return Span(self.file, self.start + start, min(self.end, self.start + end))

    @property
    def position(self) -> tuple[int, int]:
        return self.file.position(self.start)
