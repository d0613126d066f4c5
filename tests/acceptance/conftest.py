"""Lets acceptance tests use what the tests of single targets have: the check against the API's definition."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "targets" / "kubeflow"))
