# The rituals of this repository. `make` alone lists them.
SHELL := bash
BIN := .venv/bin
HOME_OF_DEMO := $(or $(PRESENCE_HOME),$(CURDIR)/var/demo)

.PHONY: help setup setup-dev run native check test bench format clean reference words lock audit wheel sbom release

help: ## list what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## make .venv with what running needs
	@setup/python.sh

setup-dev: ## … with the development tools too
	@setup/python.sh dev

run: setup ## set up and start the demo; the language engine builds meanwhile (MODEL=small fetches a model)
	@setup/engine.sh background
	@PRESENCE_HOME="$(HOME_OF_DEMO)" PRESENCE_MODELS__BUILD_FOLDER="$(CURDIR)/.engine" \
	  $(BIN)/presence demo $(if $(MODEL),--model "$(MODEL)")

native: setup ## build the language engine a second time, for this very processor; used once it passed its check
	@nice -n 10 setup/engine.sh native

check: setup-dev ## format, lint, types, layers, dependencies, the fast suite
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m pytest -q -n 2 -m "not slow and not browser"

test: setup-dev ## set up everything, then check, then the slow suites and the browser
	@setup/system.sh compiler chromium postgresql
	@setup/engine.sh background
	@$(MAKE) --no-print-directory check
	@setup/engine.sh
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "slow or browser" --durations=10

bench: setup-dev ## measure; results in benchmarks/results
	$(BIN)/python -m benchmarks

format: setup-dev ## put everything into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## throw away what was built; homes and notes stay
	rm -rf .venv .engine .mypy_cache .ruff_cache .pytest_cache

reference: setup-dev ## write the reference pages anew from the code
	$(BIN)/python -m presence.reference docs/reference

words: setup-dev ## bring the catalogues of the other languages up to date with what pages say
	$(BIN)/python -m presence.languages.extracting

lock: ## write the SHA-256 of every package, at the versions of constraints.txt, into setup/locks
	@setup/lock.sh
	@setup/python.sh dev
	@$(BIN)/python setup/licences.py > setup/licences.txt

audit: setup ## ask over the network whether a pinned package is known to be vulnerable
	@setup/audit.sh

wheel: setup ## build what is released, twice, and compare the bytes; into dist
	@setup/release.sh wheel

sbom: setup ## list every package that running needs, as CycloneDX, into dist
	@setup/release.sh sbom

release: wheel sbom ## … and sign the SHA-256 of all of it: make release KEY=~/.ssh/id_ed25519
	@setup/release.sh sign "$(KEY)"
