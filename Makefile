# make demo   set everything up and plan tomorrow for the Pingdu township network
# make test   set everything up and run every test
# make lock   resolve pyproject.toml into the lock files again

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	&& echo $$python && break; done || echo python3)
RUN := .venv/bin/python
COMPILE = $(RUN) -m uv pip compile -q --universal --generate-hashes --no-emit-index-url \
	--python-version 3.11 --extra install

.PHONY: demo test lock

# Exit 1 of "plan" means that some orders stay behind: a result, not a failure.
demo:
	@$(PYTHON) set_up.py runtime
	$(RUN) cli.py plan configs/pingdu --orders configs/pingdu/orders/towns.csv --out out/pingdu \
		|| test $$? -eq 1

test:
	@$(PYTHON) set_up.py dev
	$(RUN) -m pytest -n logical --maxprocesses 4 --dist worksteal

# From the widest to the narrowest, so that all of them agree on every version.
lock:
	@$(PYTHON) set_up.py dev
	$(COMPILE) pyproject.toml --extra dev --extra bench -o requirements-bench.lock
	$(COMPILE) pyproject.toml --extra dev -c requirements-bench.lock -o requirements-dev.lock
	$(COMPILE) pyproject.toml -c requirements-bench.lock -o requirements.lock
