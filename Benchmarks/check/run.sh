#!/bin/sh
# Builds and runs the benches of the part check: the Swift scanner against semgrep and bandit, and the whole audit
# against its tools one after another. Prints Markdown.
#
#   Benchmarks/check/run.sh
#
# PITWALL names a release build of pitwall, CHECKOUTS a folder with swift-nio, GRDB.swift and swift-syntax; both are
# made where they are not given.
set -eu
cd "$(dirname "$0")/../.."

script/setup-audit-tools
swift build --package-path Benchmarks -c release --product ScanBench --quiet
bench=$(swift build --package-path Benchmarks -c release --show-bin-path)/ScanBench
if [ -z "${PITWALL:-}" ]; then
    swift build -c release --product pitwall --quiet
    PITWALL=$(swift build -c release --show-bin-path)/pitwall
fi
if [ -z "${CHECKOUTS:-}" ]; then
    swift package resolve --quiet
    CHECKOUTS=.build/checkouts
fi
exec python3 Benchmarks/check/compare.py "$bench" "$PITWALL" "$CHECKOUTS" .pitwall/audit-tools/bin
