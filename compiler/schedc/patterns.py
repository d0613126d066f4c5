"""Regular expressions that are compiled when they are first used: a compile of one file uses few of those it imports,
and compiling one takes a hundred times as long as using it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from re import compile as pattern
else:
    _METHODS = ("findall", "finditer", "flags", "fullmatch", "match", "pattern", "search", "split", "sub", "subn")

    class _Waiting:
        """A pattern that becomes a compiled one with its first method that is asked for."""

        def __init__(self, text, flags):
            self._text, self._flags = text, flags

        def __getattr__(self, name):
            if name not in _METHODS:
                raise AttributeError(name)
            made = re.compile(self._text, self._flags)
            for method in _METHODS:
                setattr(self, method, getattr(made, method))
            return getattr(made, name)

    def pattern(text, flags=0):
        return _Waiting(text, flags)


__all__ = ["pattern"]
