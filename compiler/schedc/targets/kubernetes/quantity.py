"""Kubernetes quantities, such as `500m` or `4Gi`, as exact numbers of billionths."""

from __future__ import annotations

from schedc.patterns import pattern

UNIT = 10**9
"""Billionths in one."""

_FORM = pattern(r"([+-]?)([0-9]+\.?[0-9]*|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?")
_FACTORS = {
    "": UNIT,
    **{unit: 1000**power for power, unit in enumerate(("n", "u", "m"))},
    **{unit: UNIT * 1000**power for power, unit in enumerate("kMGTPE", 1)},
    **{f"{unit}i": UNIT * 1024**power for power, unit in enumerate("KMGTPE", 1)},
}
_LARGEST = (2**63 - 1) * UNIT


class NotAQuantity(ValueError):
    """The text is no quantity that Kubernetes takes and keeps as it is; says why."""


def quantity(text: str) -> int:
    """The number in billionths. Raises `NotAQuantity`, also where Kubernetes would round or cap it."""
    match = _FORM.fullmatch(text) if len(text) <= 40 else None
    if match is None:
        raise NotAQuantity("is not a quantity, such as 2, 500m or 4Gi")
    sign, digits, unit = match[1], match[2], match[3] or ""
    whole, _, decimals = digits.partition(".")
    exponent = 0 if unit in _FACTORS else int(unit[1:])
    if abs(exponent) > 18:
        raise NotAQuantity("has an exponent beyond 18")
    above: int = int(whole + decimals) * _FACTORS.get(unit, UNIT) * int(10 ** max(exponent, 0))
    below: int = 10 ** (len(decimals) + max(-exponent, 0))
    if sign == "-" and above:
        raise NotAQuantity("is negative")
    if above > _LARGEST * below:
        raise NotAQuantity("is larger than what Kubernetes can hold, 2^63-1")
    if above % below:
        raise NotAQuantity("is finer than a billionth, which Kubernetes rounds up")
    return above // below
