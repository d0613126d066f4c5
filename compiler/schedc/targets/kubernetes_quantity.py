"""Kubernetes quantities, such as `500m` or `4Gi`, as exact numbers."""

from __future__ import annotations

import re
from fractions import Fraction

_FORM = re.compile(r"([+-]?)([0-9]+\.?[0-9]*|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?")
_UNITS = {
    **{unit: Fraction(1000) ** power for unit, power in zip("numkMGTPE", (-3, -2, -1, 1, 2, 3, 4, 5, 6), strict=True)},
    **{f"{unit}i": Fraction(1024) ** power for power, unit in enumerate("KMGTPE", 1)},
}
_LARGEST = 2**63 - 1
_FINEST = 10**9


class NotAQuantity(ValueError):
    """The text is no quantity that Kubernetes takes and keeps as it is; says why."""


def quantity(text: str) -> Fraction:
    """The number. Raises `NotAQuantity`, also where Kubernetes would round or cap it."""
    match = _FORM.fullmatch(text) if len(text) <= 40 else None
    if match is None:
        raise NotAQuantity("is not a quantity, such as 2, 500m or 4Gi")
    sign, digits, unit = match.groups()
    factor = Fraction(1)
    if unit in _UNITS:
        factor = _UNITS[unit]
    elif unit:
        exponent = int(unit[1:])
        if abs(exponent) > 18:
            raise NotAQuantity("has an exponent beyond 18")
        factor = Fraction(10) ** exponent
    value = Fraction(digits.rstrip(".") if not digits.startswith(".") else f"0{digits}") * factor
    if sign == "-" and value:
        raise NotAQuantity("is negative")
    if value > _LARGEST:
        raise NotAQuantity("is larger than what Kubernetes can hold, 2^63-1")
    if (value * _FINEST).denominator != 1:
        raise NotAQuantity("is finer than a billionth, which Kubernetes rounds up")
    return value
