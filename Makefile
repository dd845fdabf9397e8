# Everything a person does with this project has a verb here; `make` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := @$(BIN)/python tools/install.py
SITE := NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet

.DEFAULT_GOAL := help
.PHONY: help install wheel preview run install-service image test check docs mutants format migration bench attack audit sbom licences lock clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 17

install: $(VENV)/run.stamp ## make .venv with all that the bot needs

wheel: $(VENV)/dev.stamp ## build dist/gentle_tears-….whl: the program with its words, for pipx and uvx
	@$(BIN)/python -m hatchling build --target wheel

preview: $(VENV)/run.stamp ## try the bot in a page on this machine: no token, no account
	@$(BIN)/python -m bot preview

run: $(VENV)/run.stamp ## run the bot on Telegram, with the settings in .env
	@$(BIN)/python -m bot run

install-service: $(VENV)/run.stamp ## let systemd keep the bot running: as root, or user=1; dry=1 only says what it would do
	@$(BIN)/python -m bot service --install $(if $(user),--user) $(if $(dry),--dry-run)

image: ## build a container image, gentle-tears:VERSION, with podman or docker
	@$(or $(shell command -v podman),docker) build $(if $(shell command -v podman),--format docker) --file Containerfile \
		--tag gentle-tears:$$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml) .

test: $(VENV)/dev.stamp ## run the tests
	$(BIN)/python -m pytest -n auto

check: $(VENV)/dev.stamp $(VENV)/deploy.stamp $(VENV)/docs.stamp ## all that has to hold: format, lint, types, imports, words, links, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot check --strict
	$(SITE)
	@$(MAKE) --no-print-directory test

docs: $(VENV)/docs.stamp ## build the site of docs/ into site/, and check its links
	@$(SITE)
	@echo "site/index.html"

mutants: $(VENV)/mutants.stamp ## change the code in small ways, and see whether a test notices: all rooms, or room=claims
	@$(BIN)/python -m tools.mutants $(room)

format: $(VENV)/dev.stamp ## put the code into its format
	$(BIN)/ruff check --fix --select I .
	$(BIN)/ruff format .

migration: $(VENV)/dev.stamp ## write a migration from what changed in models.py: name="what changes"
	@$(BIN)/python -m tools.make_migration "$(name)"

bench: $(VENV)/dev.stamp ## measure this bot beside others, on this machine, in 27 minutes; quick=1: in 6
	@$(BIN)/python -m benchmarks $(if $(quick),--quick)

audit: $(VENV)/audit.stamp ## ask whether a pinned package has a known weakness; 3: the list of them cannot be reached
	@$(BIN)/python -m tools.audit

sbom: $(VENV)/audit.stamp ## write sbom.json: all that the bot is made of (CycloneDX)
	@$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --mc-type application \
		--output-reproducible --output-format JSON --output-file sbom.json
	@echo "sbom.json"

licences: $(VENV)/run.stamp ## list the licence of each package that the bot runs with
	@$(BIN)/python -m tools.licences

attack: $(VENV)/dev.stamp ## kill, cut, fill up and mislead the bot on this machine, and count what is lost
	@$(BIN)/python -m tools.attack all

lock: ## pin every dependency anew from pyproject.toml (needs uv)
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	$(subst pyproject.toml,--group build,$(LOCK)) --constraint requirements-dev.lock --output-file requirements-build.lock
	$(LOCK) --extra deploy --constraint requirements-dev.lock --output-file requirements-deploy.lock
	$(LOCK) --extra docs --constraint requirements-dev.lock --output-file requirements-docs.lock
	$(LOCK) --extra dev --extra mutants --constraint requirements-dev.lock --output-file requirements-mutants.lock
	$(LOCK) --extra audit --constraint requirements-dev.lock --output-file requirements-audit.lock

clean: ## remove .venv and what the tools left behind
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .mutants

$(VENV)/bin/python:
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock | $(VENV)/bin/python
	$(INSTALL) requirements.lock "what the bot needs"
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(INSTALL) requirements-dev.lock "what the tests need"
	@touch $@

$(VENV)/deploy.stamp: requirements-deploy.lock $(VENV)/run.stamp
	$(INSTALL) requirements-deploy.lock "what reads deploy/"
	@touch $@

$(VENV)/docs.stamp: requirements-docs.lock $(VENV)/run.stamp
	$(INSTALL) requirements-docs.lock "what makes docs/ a site"
	@touch $@

$(VENV)/audit.stamp: requirements-audit.lock $(VENV)/run.stamp
	$(INSTALL) requirements-audit.lock "what looks for weaknesses"
	@touch $@

$(VENV)/mutants.stamp: requirements-mutants.lock $(VENV)/dev.stamp
	$(INSTALL) requirements-mutants.lock "what changes the code"
	@touch $@
