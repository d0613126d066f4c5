"""What the compiler needs of `dataclasses`, without its cost: importing it, and making a hundred classes with it, takes
as long as several starts of Python.

Type checkers see `dataclasses` itself. At run time a record always has slots, its `__init__` is compiled when the first
instance is made, and only the options are known that stand in the signatures below. A record is not a dataclass for
others: `dataclasses.fields` and `dataclasses.replace` do not know it, `fields` and `replace` of this module do.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
else:

    class FrozenInstanceError(AttributeError):
        """A field of a frozen record was set or deleted."""

    MISSING = object()
    """Stands for no default."""

    class Field:
        """One field of a record."""

        __slots__ = ("compare", "default", "default_factory", "init", "kw_only", "name", "repr")

        def __init__(self, default, default_factory, init, repr, compare):
            self.name, self.kw_only = "", False
            self.default, self.default_factory = default, default_factory
            self.init, self.repr, self.compare = init, repr, compare

    def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, compare=True):
        return Field(default, default_factory, init, repr, compare)

    def fields(record):
        return tuple(record.__record_fields__.values())

    def is_dataclass(value):
        return hasattr(value, "__record_fields__")

    def replace(record, /, **changes):
        for name, one in record.__record_fields__.items():
            if one.init and name not in changes:
                changes[name] = getattr(record, name)
        return type(record)(**changes)

    def dataclass(*, frozen=False, slots=True, kw_only=False, eq=True):
        assert slots, "a record has slots"
        return lambda cls: _record(cls, frozen, kw_only, eq)

    def _record(cls, frozen, kw_only, eq):
        namespace = dict(cls.__dict__)
        inherited = {}
        for base in reversed(cls.__mro__[1:]):
            inherited |= base.__dict__.get("__record_fields__", {})
        known = dict(inherited)
        for name, annotation in cls.__annotations__.items():
            if not annotation.startswith("ClassVar"):
                default = namespace.pop(name, MISSING)
                one = default if isinstance(default, Field) else Field(default, MISSING, True, True, True)
                one.name, one.kw_only = name, kw_only
                known[name] = one
        for name in ("__dict__", "__weakref__"):
            namespace.pop(name, None)
        namespace["__slots__"] = tuple(name for name in known if name not in inherited)
        namespace["__record_fields__"] = known
        namespace["__match_args__"] = tuple(n for n, one in known.items() if one.init and not one.kw_only)
        namespace.setdefault("__repr__", _repr)
        namespace["__getstate__"], namespace["__setstate__"] = _getstate, _setstate
        if eq:
            _compare_by_fields(namespace, [name for name, one in known.items() if one.compare], hashed=frozen)
        if frozen:
            namespace["__setattr__"], namespace["__delattr__"] = _frozen, _frozen

        def first(self, *values, **named):
            made.__init__ = _init(made)
            made.__init__(self, *values, **named)

        namespace["__init__"] = first
        made = type(cls)(cls.__name__, cls.__bases__, namespace)
        made.__qualname__ = cls.__qualname__
        return made

    def _compare_by_fields(namespace, names, hashed):
        values = attrgetter(*names) if names else lambda record: ()

        def __eq__(self, other):
            return values(self) == values(other) if type(other) is type(self) else NotImplemented

        def __hash__(self):
            return hash(values(self))

        namespace.setdefault("__eq__", __eq__)
        if namespace.get("__hash__") is None:
            namespace["__hash__"] = __hash__ if hashed else None

    def _init(made):
        """The `__init__` of a record, with a plain signature; it sets slots through their descriptors."""
        known = made.__record_fields__.values()
        given, named, lines = [], [], []
        scope = {"MISSING": MISSING, "__name__": made.__module__}
        for one in known:
            name = one.name
            scope[f"_set_{name}"] = getattr(made, name).__set__
            value = name
            if one.default_factory is not MISSING:
                scope[f"_make_{name}"] = one.default_factory
                value = f"_make_{name}() if {name} is MISSING else {name}" if one.init else f"_make_{name}()"
            if one.init:
                text = name
                if one.default is not MISSING:
                    scope[f"_default_{name}"] = one.default
                    text = f"{name}=_default_{name}"
                elif one.default_factory is not MISSING:
                    text = f"{name}=MISSING"
                (named if one.kw_only else given).append(text)
            lines.append(f"    _set_{name}(self, {value})")
        if hasattr(made, "__post_init__"):
            lines.append("    self.__post_init__()")
        parameters = ", ".join(["self", *given, *(["*"] if named else []), *named])
        exec(f"def __init__({parameters}):\n" + ("\n".join(lines) or "    pass"), scope)
        init = scope["__init__"]
        init.__qualname__ = f"{made.__qualname__}.__init__"
        return init

    def _repr(self):
        shown = (f"{n}={getattr(self, n)!r}" for n, one in self.__record_fields__.items() if one.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def _frozen(self, name, value=None):
        raise FrozenInstanceError(f"{type(self).__name__} is frozen, and so is its {name}")

    def _getstate(self):
        return [getattr(self, name) for name in self.__record_fields__]

    def _setstate(self, state):
        for name, value in zip(self.__record_fields__, state, strict=True):
            object.__setattr__(self, name, value)


__all__ = ["MISSING", "FrozenInstanceError", "dataclass", "field", "fields", "is_dataclass", "replace"]
