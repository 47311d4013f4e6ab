#!/bin/sh
# Measures the pool beside pgbench, on one throw-away server, in one run: run.sh PATH-OF-PoolBench [SECONDS]
set -eu
bench=$1
seconds=${2:-5}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as() { if [ "$(id -u)" = 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi; }
[ "$(id -u)" = 0 ] && chown nobody "$folder"
cd /
trap 'as "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT INT TERM
as "$bin/initdb" -D "$folder/data" -U postgres -A trust --no-sync >/dev/null
as "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w \
    -o "-p $port -h 127.0.0.1 -c unix_socket_directories='' -c fsync=off -c shared_buffers=128MB" start >/dev/null
"$bin/pgbench" -i -q -h 127.0.0.1 -p "$port" -U postgres postgres >/dev/null 2>&1

for round in 1 2; do
    for clients in 1 4 8 64; do
        rate=$("$bin/pgbench" -S -M prepared -n -c $clients -j 2 -T "$seconds" -h 127.0.0.1 -p "$port" -U postgres postgres \
            2>/dev/null | sed -n 's/^tps = \([0-9]*\).*/\1/p')
        echo "pgbench -S -M prepared, $clients clients: $rate /s"
    done
    "$bench" "postgres://postgres@127.0.0.1:$port/postgres" "$seconds"
done
