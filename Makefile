# Foreshift: every target sets up .venv first, which costs nothing when the locks have not changed.

BIN := .venv/bin
PYTEST_ARGS ?=
# Most tests wait for servers and clocks; three workers keep two cores busy. Tests that say in what time something has to
# happen are marked `alone` and have the computer to themselves.
WORKERS ?= 3

.PHONY: help setup run demo pictures docs-pictures check test slow chaos fix lock wheel clean

help:
	@echo "make demo    the demo plant in a window; without a display it leaves pictures"
	@echo "make pictures  every screen of the demo plant, both looks, both languages, three sizes, in ./pictures; ALL=1: each in each"
	@echo "make run     the window on the plant that was open last"
	@echo "make docs-pictures  the same, and from them those of docs/pictures/screens"
	@echo "make test    all checks, then all tests but the slow ones"
	@echo "make slow    the slow tests"
	@echo "make chaos   1 000 kills, 10 000 power cuts, 250 flipped bits, a million hostile frames, 100 000 answers and 10 000 attacks on the log, some 20 minutes"
	@echo "make check   format, lint, layers, types, spelling and declared packages"
	@echo "make fix     repair format and lint where that can be done by rule"
	@echo "make lock    make the locks again (UPGRADE=1: with the newest versions)"
	@echo "make wheel   build the wheel into dist/ and look into it"
	@echo "make clean   remove what was built and cached; .venv stays"

setup:
	@.ci/setup

run: setup
	@$(BIN)/foreshift

demo: setup
	@$(BIN)/foreshift demo

pictures: setup
	@$(BIN)/foreshift demo --off-screen --every-screen=$(if $(ALL),whole,in-turn) --seconds=75 --pictures=pictures

docs-pictures: pictures
	@$(BIN)/python .ci/docs_pictures.py pictures docs/pictures/screens

check: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/codespell
	$(BIN)/deptry .

test: check
	$(BIN)/pytest -m "not slow" -n $(WORKERS) --dist worksteal $(PYTEST_ARGS)

slow: setup
	$(BIN)/pytest -m slow $(PYTEST_ARGS)

# The seeds are printed; SEED=1 repeats a run.
chaos: setup
	$(BIN)/python -m tests.chaos kills $(if $(SEED),--seed $(SEED))
	$(BIN)/python -m tests.chaos power $(if $(SEED),--seed $(SEED))
	$(BIN)/python -m tests.chaos flips $(if $(SEED),--seed $(SEED))
	$(BIN)/python -m tests.chaos frames $(if $(SEED),--seed $(SEED))
	$(BIN)/python -m tests.chaos answers $(if $(SEED),--seed $(SEED))
	$(BIN)/python -m tests.chaos attacks $(if $(SEED),--seed $(SEED))

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup
	@.ci/lock $(if $(UPGRADE),--upgrade)

wheel: setup
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel
	$(BIN)/python .ci/check_wheel.py dist

clean:
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find app widgets drivers resources tests -name __pycache__ -type d -prune -exec rm -rf {} +
