# Two commands: `make run` opens the program, `make test` runs everything that CI runs.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test check bench clean distclean
bin := .venv/bin

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

setup: ## the Python environment in .venv, and the system packages that running and testing need
	@packaging/setup.sh test

run: ## open the program; with no display, run its demo headless into build/demo/
	@packaging/run.sh

test: check ## everything that CI runs; ARGS="tests/core -k ids" narrows the tests down
	QT_QPA_PLATFORM=offscreen $(bin)/python -m pytest $(ARGS)

check: setup ## format, lint, rooms and types, without the tests
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/lint-imports
	$(bin)/mypy

bench: ## measure; the README's figures come from here
	@packaging/setup.sh bench
	@if [ -e benchmarks/__main__.py ]; then $(bin)/python -m benchmarks $(ARGS); \
	else echo "bench: there is no benchmarks/__main__.py" >&2; exit 1; fi

clean: ## remove what was built, and caches
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

distclean: clean ## clean, and remove .venv too
	rm -rf .venv
