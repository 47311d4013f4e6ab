#!/usr/bin/env bash
# Compares pitwall load with other load generators on nginx with a small answer.
#
#   Benchmarks/load/compare.sh path/to/release/pitwall [seconds]
#
# Every generator gets one core (taskset), one thread where it has threads, and 50 connections; nginx has the other
# core. Prints a Markdown table: requests a second, the generator's own processor time a request (user + system, of the
# whole process), its ratio to wrk's, and the peak memory. Generators that are not installed are left out.
set -euo pipefail
pitwall=$(realpath "${1:?path to a release build of pitwall}")
seconds=${2:-5}
connections=50
folder=$(mktemp -d)
port=18777
trap 'kill "$nginx" 2>/dev/null || true; rm -rf "$folder"' EXIT

cat >"$folder/nginx.conf" <<CONF
worker_processes 1; daemon off; pid $folder/pid; error_log $folder/error.log;
events { worker_connections 4096; }
http {
    access_log off; keepalive_requests 100000000;
    client_body_temp_path $folder/b; proxy_temp_path $folder/p; fastcgi_temp_path $folder/f;
    uwsgi_temp_path $folder/u; scgi_temp_path $folder/s;
    server { listen 127.0.0.1:$port backlog=4096; location / { default_type text/plain; return 200 "hello\n"; } }
}
CONF
taskset -c 0 nginx -p "$folder" -c "$folder/nginx.conf" &
nginx=$!
until curl -fs "http://127.0.0.1:$port/" >/dev/null; do sleep 0.1; done

url="http://127.0.0.1:$port/"
# name | command | how to find the number of requests in its output
run() {
    local name=$1 pattern=$2
    shift 2
    command -v "$1" >/dev/null || return 0
    /usr/bin/time -f "%U %S %M" -o "$folder/time" taskset -c 1 "$@" >"$folder/out" 2>&1 || true
    local requests
    requests=$(grep -oP "$pattern" "$folder/out" | tail -1 | tr -d ',')
    read -r user system memory < <(tail -1 "$folder/time")
    echo "$name $requests $user $system $memory" >>"$folder/results"
}

cat >"$folder/root.yml" <<YML
scenarios:
  - name: root
    steps:
      - get: /
YML

for round in 1 2 3; do
    run "wrk" '\d+(?= requests in)' wrk -t1 -c$connections -d"${seconds}s" "$url"
    run "pitwall" '"count" : \K\d+' "$pitwall" load --url "$url" --scenario "$folder/root.yml" \
        --concurrency $connections --duration "$seconds" --no-calibration --json --output "$folder/result.json"
    run "h2load" '\d+(?= done)' h2load --h1 -t1 -c$connections -D"$seconds" "$url"
    run "ab" 'Complete requests:\s+\K\d+' ab -q -k -c$connections -t"$seconds" -n 100000000 "$url"
    run "hey" '\[200\]\s+\K\d+' hey -cpus 1 -c $connections -z "${seconds}s" "$url"
done

echo "| generator | requests/s | CPU us/request | of wrk's | peak MiB |"
echo "| --- | ---: | ---: | ---: | ---: |"
# The median of the three rounds, by processor time a request.
awk -v seconds="$seconds" '
    $2 > 0 { n = ++count[$1]; cpu[$1, n] = ($3 + $4) * 1e6 / $2; rate[$1, n] = $2 / seconds; mem[$1, n] = $5 / 1024 }
    END {
        split("wrk pitwall h2load ab hey", names, " ")
        for (i = 1; i in names; i++) {
            name = names[i]; n = count[name]; if (!n) continue
            best = 1
            for (a = 1; a <= n; a++) {
                below = 0
                for (b = 1; b <= n; b++) if (cpu[name, b] < cpu[name, a] || (cpu[name, b] == cpu[name, a] && b < a)) below++
                if (below == int((n - 1) / 2)) best = a
            }
            if (name == "wrk") base = cpu[name, best]
            printf "| %s | %.0f | %.2f | %.2f | %.1f |\n", name, rate[name, best], cpu[name, best], base ? cpu[name, best] / base : 0, mem[name, best]
        }
    }' "$folder/results"

echo
echo "Memory at 1,000 connections (peak MiB):"
ulimit -n 4096 2>/dev/null || true
for tool in wrk pitwall; do
    if [ $tool = wrk ]; then set -- wrk -t1 -c1000 -d2s "$url"; else
        set -- "$pitwall" load --url "$url" --scenario "$folder/root.yml" --concurrency 1000 --duration 2 \
            --no-calibration --output "$folder/result.json"; fi
    command -v "$1" >/dev/null || continue
    /usr/bin/time -f "%M" -o "$folder/time" taskset -c 1 "$@" >/dev/null 2>&1 || true
    echo "* $tool $(awk '{printf "%.1f", $1 / 1024}' <(tail -1 "$folder/time"))"
done
