# Pitwall. `make help` lists the targets.

SHELL := /bin/sh
PORT ?= 8080

.DEFAULT_GOAL := help
.PHONY: help demo test sprint-demo bench lint format setup clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Start the measured demo service on SQLite, with gentle traffic, until Ctrl-C
	@script/setup build
	@script/demo $(PORT)

test: ## Set up what is missing and run every test
	@script/setup test
	@script/setup-audit-tools
	@script/setup-duckdb
	@script/test

sprint-demo: ## Show a parallel sprint in a minute: four small scripted agents over a scratch repository
	@script/setup build
	@script/sprint-demo

bench: ## Measure against named peers in one run; figures go to docs/BENCHMARKS.md
	@script/setup bench
	@script/bench

lint: ## Check the formatting of every source file
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

format: ## Format every source file
	@swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

setup: ## Install the system packages that tests need
	@script/setup test

clean: ## Remove what building and the demo made
	@rm -rf .build Benchmarks/.build .pitwall
