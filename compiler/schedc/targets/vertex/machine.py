"""Resources as Vertex AI takes them: limits, by which it picks a machine, and an accelerator of its own list."""

from __future__ import annotations

import re
from typing import Any

from schedc.ir.workload import Container
from schedc.patterns import pattern

ACCELERATORS = (
    "NVIDIA_A100_80GB",
    "NVIDIA_B200",
    "NVIDIA_GB200",
    "NVIDIA_H100_80GB",
    "NVIDIA_H100_MEGA_80GB",
    "NVIDIA_H200_141GB",
    "NVIDIA_L4",
    "NVIDIA_RTX_PRO_6000",
    "NVIDIA_TESLA_A100",
    "NVIDIA_TESLA_P100",
    "NVIDIA_TESLA_P4",
    "NVIDIA_TESLA_T4",
    "NVIDIA_TESLA_V100",
    "TPU_V2",
    "TPU_V3",
    "TPU_V4_POD",
    "TPU_V5_LITEPOD",
)
"""`AcceleratorType` of the API, without what has reached its end."""
MOST_CPUS, MOST_GIGABYTES = 96, 624

_CPU = pattern(r"([0-9]*\.)?[0-9]+m?", re.ASCII)
_MEMORY = pattern(r"([0-9]+)([EPTGMK]i?)?", re.ASCII)
_POWERS = "KMGTPE"


def cpus(quantity: str) -> float | None:
    """The number of CPUs, or None where the text is not one that a pipeline takes."""
    if not _CPU.fullmatch(quantity):
        return None
    return float(quantity[:-1]) / 1000 if quantity.endswith("m") else float(quantity)


def gigabytes(quantity: str) -> float | None:
    """Billions of bytes, or None where the text is not one that a pipeline takes."""
    found = _MEMORY.fullmatch(quantity)
    if found is None:
        return None
    unit = found[2] or ""
    power = _POWERS.index(unit[0]) + 1 if unit else 0
    base = float(1024 if unit.endswith("i") else 1000)
    return float(found[1]) * base**power / 1000.0**3


def resources(container: Container) -> dict[str, Any]:
    """Each amount twice, as kfp writes it: as a number, and as it is written."""
    found: dict[str, Any] = {}
    limits = container.resources.limits
    if "cpu" in limits:
        found |= {"cpuLimit": cpus(limits["cpu"]), "resourceCpuLimit": limits["cpu"]}
    if "memory" in limits:
        found |= {"memoryLimit": gigabytes(limits["memory"]), "resourceMemoryLimit": limits["memory"]}
    accelerator = container.pod.get("accelerator")
    if accelerator is not None:
        kind, count = accelerator["type"], str(accelerator["count"])
        found["accelerator"] = {"type": kind, "count": count, "resourceType": kind, "resourceCount": count}
    return found
