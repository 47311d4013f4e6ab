#!/bin/sh
# Measures the pool and the fleet's store beside pgbench, psycopg_pool and asyncpg, on one throw-away server, in one run,
# and prints a Markdown table of medians: run.sh FOLDER-OF-PoolBench-AND-FleetBench [SECONDS [ROUNDS]]
set -eu
folder_of_benches=$(cd "$1" && pwd)
seconds=${2:-3}
rounds=${3:-3}
here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../../.pitwall/bench-tools
packages="psycopg[binary,pool]==3.2.13 asyncpg==0.31.0"

if [ "$(cat "$tools/installed" 2>/dev/null)" != "$packages" ]; then
    python3 -m venv --clear "$tools"
    # shellcheck disable=SC2086 # the list is meant to be split
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check $packages
    printf '%s\n' "$packages" >"$tools/installed"
fi

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=postgres://postgres@127.0.0.1:$port/postgres
as() { if [ "$(id -u)" = 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi; }
[ "$(id -u)" = 0 ] && chown nobody "$folder"
cd /
figures=$folder/figures
finish() {
    as "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    # What was measured is shown, however the run ends.
    python3 "$here/table.py" <"$figures"
    rm -rf "$folder"
}
: >"$figures"
trap finish EXIT
trap 'exit 1' INT TERM
as "$bin/initdb" -D "$folder/data" -U postgres -A trust --no-sync >/dev/null
as "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w \
    -o "-p $port -h 127.0.0.1 -c unix_socket_directories='' -c fsync=off -c shared_buffers=128MB" start >/dev/null
"$bin/pgbench" -i -q -h 127.0.0.1 -p "$port" -U postgres postgres >/dev/null 2>&1

pgbench() {
    rate=$("$bin/pgbench" -S -M prepared -n -c "$1" -j 2 -T "$seconds" -h 127.0.0.1 -p "$port" -U postgres postgres \
        2>/dev/null | sed -n 's/^tps = \([0-9]*\).*/\1/p')
    printf 'pgbench %s\t%s\n' "$1" "$rate" >>"$figures"
}
pool() { "$folder_of_benches/PoolBench" "$url" "$seconds" "$@" >>"$figures"; }

# Turn by turn, each beside what it is compared with, so that what else the machine does meets both of them.
round=1
while [ "$round" -le "$rounds" ]; do
    for clients in 1 4 8; do
        pgbench $clients
        pool select:$clients few:$clients executor:$clients
    done
    pgbench 64
    pool query alone executor-query
    pool acquire wait
    "$tools/bin/python" "$here/peers.py" "$url" "$seconds" >>"$figures"
    round=$((round + 1))
done
if [ -x "$folder_of_benches/FleetBench" ]; then "$folder_of_benches/FleetBench" "$url" >>"$figures"; fi
