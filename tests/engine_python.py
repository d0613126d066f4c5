"""The interpreters of environments that hold real engines, and the reason where there is none."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

_HOW = {
    "SCHEDC_AIRFLOW_PYTHON": "make engines makes one; or: uv venv af && uv pip install --python af/bin/python "
    "apache-airflow apache-airflow-providers-cncf-kubernetes apache-airflow-providers-docker "
    "apache-airflow-providers-standard, then SCHEDC_AIRFLOW_PYTHON=af/bin/python",
    "SCHEDC_AIRFLOW2_PYTHON": "make engines makes one, where there is a Python 3.11 or 3.12; or: install "
    "apache-airflow<3 with the same providers, then SCHEDC_AIRFLOW2_PYTHON=af2/bin/python",
    "SCHEDC_SDK_PYTHON": "make engines makes one; or: uv venv sdk && uv pip install --python sdk/bin/python kfp "
    "kfp-kubernetes kfp-server-api google-cloud-aiplatform pyyaml, then SCHEDC_SDK_PYTHON=sdk/bin/python",
    "SCHEDC_ZENML_PYTHON": "make engines makes one; or: uv venv zn && uv pip install --python zn/bin/python "
    "zenml[local] kfp kubernetes google-cloud-aiplatform google-cloud-pipeline-components, then "
    "SCHEDC_ZENML_PYTHON=zn/bin/python",
    "SCHEDC_METAFLOW_PYTHON": "make engines makes one; or: uv venv mf && uv pip install --python mf/bin/python "
    "metaflow boto3 kubernetes, then SCHEDC_METAFLOW_PYTHON=mf/bin/python",
}


def engine_python(variable: str) -> str:
    """The interpreter that an environment variable names; without it the test is skipped, or fails where engines are
    required.
    """
    return os.environ.get(variable) or _without(f"{variable} is not set: {_HOW[variable]}")


def _without(reason: str) -> NoReturn:
    if os.environ.get("SCHEDC_REQUIRE_ENGINES") == "1" and not reason.startswith("SCHEDC_AIRFLOW2"):
        pytest.fail(reason)
    pytest.skip(reason)
