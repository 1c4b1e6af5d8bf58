# Each target makes the environment first when it is missing or older than pyproject.toml.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help report test check lab serve bench

help:    ## this list
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

# Jupyter pulls in rfc3987-syntax, which builds a grammar at import: 1.5 s in each process, for a check that
# jsonschema treats as optional. Byte-compiling by hand, because PYTHONDONTWRITEBYTECODE may be set.
$(READY): pyproject.toml
	@echo "Setting up $(VENV) (a few minutes the first time) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv does not work here: on Debian, apt install python3-venv"; exit 1; }
	@if command -v uv >/dev/null; then uv pip install --quiet --python $(BIN)/python --editable '.[dev]'; \
	 else $(BIN)/python -m pip install --quiet uv && $(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[dev]' || $(BIN)/python -m pip install --quiet --editable '.[dev]'; fi
	@$(BIN)/python -m pip uninstall --quiet --yes rfc3987-syntax
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m compileall -q -j 0 $(VENV)/lib cmlib || true
	@touch $(READY)

report: $(READY)    ## the demo brand: its last month, networks, rivals and next weeks, in English and French
	@$(BIN)/cm import --brand demo
	@$(BIN)/cm report kpis platforms competitors editorial --brand demo --lang en --lang fr

test: $(READY)    ## all tests
	@$(BIN)/python -m pytest -n 2 --dist loadscope

check: $(READY)    ## ruff, mypy --strict, notebooks without outputs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_notebooks.py -k clean

lab: $(READY)    ## work in the notebooks (JupyterLab)
	@$(BIN)/jupyter lab notebooks

serve: $(READY)    ## the notebooks as pages for stakeholders (Voila, on this machine only)
	@$(BIN)/cm serve

bench: $(READY)    ## coverage of the intervals, and speed against named peers
	@$(BIN)/python -c 'import pymcdm' 2>/dev/null || $(BIN)/uv pip install --quiet --python $(BIN)/python --editable '.[dev,bench]' || $(BIN)/python -m pip install --quiet --editable '.[dev,bench]'
	@$(BIN)/python bench/run.py
