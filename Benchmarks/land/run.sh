#!/bin/sh
# Builds and runs the benchmarks of sprints: the merge train beside plain git merge, what the runner adds to its slowest
# agent, and the reading of plans. Takes about three minutes.
# Usage: Benchmarks/land/run.sh [trains|overhead|reading]   (default: all of them)
set -eu

package=$(cd "$(dirname "$0")/.." && pwd)
part=${1:-all}

bench() { # $1 = product, the rest = its arguments
    product=$1
    shift
    swift build --package-path "$package" -c release --product "$product" --quiet
    "$(swift build --package-path "$package" -c release --show-bin-path)/$product" "$@"
}

case $part in
trains | overhead) bench LandBench "$part" ;;
reading) bench PlanReading ;;
all)
    bench LandBench
    echo
    bench PlanReading
    ;;
*)
    echo "Benchmarks/land/run.sh: '$part' is unknown; write trains, overhead, reading or nothing" >&2
    exit 64
    ;;
esac
