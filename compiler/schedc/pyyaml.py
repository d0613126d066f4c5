"""PyYAML without the price of its import: two thirds of that are regular expressions that libyaml does not need.

They are compiled when they are first used, as those of `schedc.patterns` are.
"""

from __future__ import annotations

import re

from schedc.patterns import pattern

_compile = re.compile
re.compile = pattern
try:
    import yaml as yaml
finally:
    re.compile = _compile
