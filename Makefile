# Two commands do everything: `make demo` and `make test`. `make help` lists the rest.

SHELL := /bin/bash
SWIFT ?= swift
JOBS ?= 2
# Debian packages that Tocsin is built with, and the one that scripts are run in.
PACKAGES := libyaml-dev libre2-dev libsqlite3-dev zlib1g-dev libstdc++-12-dev tzdata bubblewrap
RELEASE := .build/release/tocsin
DEMO_TRAIL := trail/demo
CASES := Runbooks/was-i-hacked/cases
# Swift's own libraries are put into the program, which then starts faster and runs where no Swift is installed.
BUILD_RELEASE := $(SWIFT) build -c release --static-swift-stdlib -j $(JOBS)
# Tests in release mode, apart from the other builds: for those that go on for hours.
TEST_LONG := $(SWIFT) test -c release -Xswiftc -enable-testing --scratch-path .build/long

.PHONY: help setup build demo test lint format bench bench-logs simulate soak soak-trail fuzz-cel fuzz-language \
  differential-cel bench-cel bench-check agree-schemas clean

help: ## Say what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

setup: ## Install the Debian packages that are missing
	@missing=""; for package in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q '^install ok installed$$' || missing="$$missing $$package"; \
	done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	echo "setup: installing$$missing"; \
	if [ "$$(id -u)" = 0 ]; then as=""; elif command -v sudo >/dev/null; then as="sudo"; \
	else echo "setup: these need root; install them, or run 'make setup' as root" >&2; exit 1; fi; \
	$$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null
	@command -v $(SWIFT) >/dev/null || { echo "setup: no Swift here; install the toolchain (6.2 or later) from https://www.swift.org/install" >&2; exit 1; }

build: setup ## Build tocsin for use
	@echo "build: compiling in release mode (the first time takes minutes; progress follows)"
	@$(BUILD_RELEASE) --product tocsin

demo: build ## Run the process on two recorded incidents
	@for case in webshell flash-crowd; do \
	  echo; echo "════ $$case ════"; echo; \
	  $(RELEASE) run Runbooks/was-i-hacked/was-i-hacked.runbook.yaml \
	    --config Runbooks/was-i-hacked/case.tocsin.yaml --data $(CASES)/$$case \
	    --alert $(CASES)/$$case/alert.json --trail $(DEMO_TRAIL) || exit $$?; \
	done

test: setup ## Build and run all tests
	@$(SWIFT) build --build-tests -j $(JOBS)
	@echo "test: the tests of log adapters, which open thousands of files, have a process of their own"
	@$(SWIFT) test --skip-build --quiet --filter LogAdaptersTests
	@$(SWIFT) test --skip-build --quiet --skip LogAdaptersTests
	@echo "test: the shipped runbooks, and the cases beside them"
	@.build/debug/tocsin check Runbooks --fail-level warning
	@.build/debug/tocsin test Runbooks --min-coverage 100
	@.build/debug/tocsin fmt --check Runbooks

lint: ## Check the style
	@$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks

format: ## Put everything into the style
	@$(SWIFT) format format --in-place --recursive Package.swift Sources Tests Benchmarks

bench: build ## Measure what Benchmarks/README.md states
	@Benchmarks/run

bench-logs: build ## Measure questions over logs of 1 GB beside other tools (minutes, 3 GB of TMPDIR, Python 3)
	@Benchmarks/logs/run

simulate: setup ## Simulate SEEDS whole runs (1,000,000) with seeded scheduler, clock and crashes
	@TOCSIN_SIMULATION_SEEDS=$${SEEDS:-1000000} $(TEST_LONG) -j $(JOBS) --filter RunbookEngineTests.SimulationTests

soak: build ## Ask questions of huge logs (minutes, 24 GB of TMPDIR, Python 3)
	@Benchmarks/soak/logs

fuzz-cel: ## Fuzz expressions for SECONDS_TO_RUN (60)
	@Tests/Fuzzing/cel/run

fuzz-language: ## Fuzz the reader of YAML, the layout and the check for SECONDS_TO_RUN (60)
	@Tests/Fuzzing/language/run

.build/venv-cel:
	@python3 -m venv $@ && $@/bin/pip install --quiet cel-expr-python==0.1.3 common-expression-language==0.10.0 cel-python==0.5.0

differential-cel: build .build/venv-cel ## Compare expressions with the C++ reference (Python 3.11 or later)
	@.build/venv-cel/bin/python Tests/Differential/cel/run

.build/venv-schemas:
	@python3 -m venv $@ && $@/bin/pip install --quiet check-jsonschema==0.39.0

agree-schemas: setup .build/venv-schemas ## Hold the JSON Schemas against the check by another validator (Python 3)
	@$(SWIFT) build --build-tests -j $(JOBS)
	@TOCSIN_CHECK_JSONSCHEMA=$(CURDIR)/.build/venv-schemas/bin/check-jsonschema $(SWIFT) test --skip-build \
	  --filter "RunbooksTests.SchemaTests|tocsinTests.CheckCommandTests"

bench-cel: .build/venv-cel ## Measure expressions beside other implementations (Python 3.11 or later)
	@$(BUILD_RELEASE) --product tocsin-bench
	@Benchmarks/cel/run

bench-check: build ## Measure the check of 1,000 runbooks, and cases, beside other tools (Python 3)
	@Benchmarks/check/run

soak-trail: build ## Try 100,000 power failures, every change to a small trail, and every faulty system call (long, Python 3, strace)
	@TOCSIN_LONG_TESTS=1 $(TEST_LONG) -j $(JOBS) --filter "AuditTrailTests.(CrashTests|TamperTests|SecondVerifierTests)"
	@Tests/Faults/trail --program $(RELEASE)

clean: ## Remove what was built and the demo's trail
	@rm -rf .build $(DEMO_TRAIL)
