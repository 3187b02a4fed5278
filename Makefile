# make demo · make test · make check — each sets up what it needs first. Nothing else is assumed but Python 3.11+.
PY = .venv/bin/python
.PHONY: demo test check setup lock bench bench-press clean
.DEFAULT_GOAL := demo

setup: ; @sh scripts/setup.sh
demo: setup ; @.venv/bin/incident demo
test: setup ; @sh scripts/test_tools.sh && $(PY) -m pytest -n 2
check: setup
	@$(PY) -m ruff format --check incident tests
	@$(PY) -m ruff check incident tests
	@$(PY) -m mypy
	@.venv/bin/lint-imports
	@sh scripts/test_tools.sh && $(PY) -m pytest -n 2
bench: setup ; @$(PY) -m tests.bench
bench-press: setup ; @$(PY) -m tests.bench_press
lock: ; @sh scripts/lock.sh
clean: ; rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
