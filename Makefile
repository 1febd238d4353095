# Both `make demo` and `make test` need only Python 3.11 or later: they make .venv and install into it.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2

.PHONY: demo test lint unit coverage airflow spark clean

demo: .venv/run.stamp
	$(BIN)/prelock demo prelock-demo

test: lint unit

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

unit: .venv/test.stamp
	$(BIN)/pytest -q -n $(JOBS) --dist loadgroup

coverage: .venv/test.stamp
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

airflow: .venv/test.stamp
	test -x .venv-airflow/bin/airflow || { $(PYTHON) -m venv .venv-airflow && .venv-airflow/bin/pip install -q 'apache-airflow>=3.3,<4'; }
	$(BIN)/pytest -q tests/functional/test_airflow.py

spark: .venv/test.stamp
	PRELOCK_TEST_SPARK=all $(BIN)/pytest -q -k spark tests/unit/engine/sql tests/spec tests/functional/test_spark.py

clean:
	rm -rf .venv .venv-airflow build dist prelock-demo prelock.egg-info .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

.venv/run.stamp: setup.cfg pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "prelock needs Python 3.11 or later: make PYTHON=…")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	touch $@

.venv/test.stamp: .venv/run.stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[test]'
	touch $@
