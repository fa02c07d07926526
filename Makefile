# Two commands: `make run` and `make test`; everything else is for who works on gridmap.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test bench lint images assets clean

run: $(VENV)/run.stamp
	$(BIN)/gridmap demo --if-missing
	$(BIN)/gridmap serve

test: $(VENV)/test.stamp
	$(BIN)/python tools/check.py

bench: $(VENV)/bench.stamp
	$(BIN)/python -m benchmarks

lint: $(VENV)/test.stamp
	$(BIN)/python tools/check.py --lint-only

images: $(VENV)/test.stamp
	$(BIN)/python tools/images.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m virtualenv $(VENV) || \
	  { echo "No way to make a Python environment here: apt-get install python3-venv"; exit 1; }

$(VENV)/run.stamp: $(VENV)/bin/python pyproject.toml requirements.lock package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e .
	$(BIN)/python tools/assets.py
	touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[test]'
	touch $@

$(VENV)/bench.stamp: $(VENV)/test.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[bench]'
	touch $@

clean:
	rm -rf $(VENV) build dist node_modules gridmap/assets .gridmap
