#!/usr/bin/env bash
# Measures pitwall load beside other load generators in one run: run.sh PATH-OF-RELEASE-pitwall [SECONDS]
#      [SECONDS-OF-EXACTNESS, a multiple of 10]
#
# nginx with a small answer has one core, each generator in turn the other (taskset), with one thread where it has
# threads and 50 connections. Three rounds, one generator after the other; each row is that generator's median by
# processor time a request, which is user + system of the whole process. What is not installed is left out.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
pitwall=$(realpath "${1:?path of a release build of pitwall}")
seconds=${2:-5}
exactness=${3:-20}
connections=50
folder=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url="http://127.0.0.1:$port/"
nginx=
trap '[ -z "$nginx" ] || kill "$nginx" 2>/dev/null || true; rm -rf "$folder"' EXIT
ulimit -n 4096

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
curl -fs --retry 50 --retry-delay 0 --retry-connrefused "$url" >/dev/null

# Runs one generator on the other core and notes what it took. run NAME PATTERN-OF-THE-REQUEST-COUNT COMMAND…
run() {
    local name=$1 pattern=$2
    shift 2
    command -v "$1" >/dev/null || return 0
    /usr/bin/time -f "%U %S %M" -o "$folder/time" taskset -c 1 "$@" >"$folder/out" 2>&1 || true
    local requests
    if ! requests=$(grep -oP "$pattern" "$folder/out" | tail -n 1); then
        echo "$name said nothing of its requests: $(tail -n 1 "$folder/out")" >&2
        return 0
    fi
    read -r user system memory < <(tail -n 1 "$folder/time")
    echo "$name $requests $user $system $memory" >>"$folder/results"
}

# All generators once, with so many connections for so long.
round() { # CONNECTIONS SECONDS
    run wrk '\d+(?= requests in)' wrk -t1 "-c$1" "-d${2}s" "$url"
    run pitwall '"count" : \K\d+' "$pitwall" load --url "$url" --scenario landing --concurrency "$1" \
        --duration "$2" --no-calibration --json --output "$folder/result.json"
    run h2load '\d+(?= done)' h2load --h1 -t1 "-c$1" "-D$2" "$url"
    run ab 'Complete requests:\s+\K\d+' ab -q -k "-c$1" "-t$2" -n 100000000 "$url"
    run hey '\[200\]\s+\K\d+' hey -cpus 1 -c "$1" -z "${2}s" "$url"
}

# The rounds as a table; the median of each generator.
table() { # SECONDS
    awk -v seconds="$1" '
        $2 > 0 { n = ++count[$1]; cpu[$1, n] = ($3 + $4) * 1e6 / $2; rate[$1, n] = $2 / seconds; memory[$1, n] = $5 / 1024 }
        END {
            print "| generator | requests/s | CPU µs a request | of wrk’s | peak MiB |"
            print "| --- | ---: | ---: | ---: | ---: |"
            split("wrk pitwall h2load ab hey", names, " ")
            for (i = 1; i in names; i++) {
                name = names[i]; n = count[name]; if (!n) continue
                for (a = 1; a <= n; a++) {
                    below = 0
                    for (b = 1; b <= n; b++)
                        if (cpu[name, b] < cpu[name, a] || (cpu[name, b] == cpu[name, a] && b < a)) below++
                    if (below == int((n - 1) / 2)) middle = a
                }
                if (name == "wrk") base = cpu[name, middle]
                printf "| %s | %.0f | %.2f | %.2f | %.1f |\n", name, rate[name, middle], cpu[name, middle],
                    base ? cpu[name, middle] / base : 0, memory[name, middle]
            }
        }' "$folder/results"
    rm "$folder/results"
}

echo "#### $connections connections, closed loop, ${seconds} s each, median of three rounds"
echo
for _ in 1 2 3; do round $connections "$seconds"; done
table "$seconds"
echo
echo "#### 1,000 connections, 2 s each"
echo
round 1000 2
table 2
echo
echo "#### Exactness against a server whose delays are known"
echo
python3 "$here/accuracy.py" "$pitwall" "$exactness"
