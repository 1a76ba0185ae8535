#!/bin/sh
# Makes the configuration of the proxy's container from the one for a machine: other addresses of
# the processes, and the name of this site.
set -eu
from=${1:-/etc/nginx/templates/policy-assistant.conf}
to=${2:-/etc/nginx/conf.d/default.conf}
servers=$(for address in $POLICY_UPSTREAMS; do echo "    server $address max_fails=2 fail_timeout=5s;"; done)
export servers
awk '
  /^ *server 127\.0\.0\.1:/ { if (!done) print ENVIRON["servers"]; done = 1; next }
  { gsub(/zhengce\.example\.gov\.cn/, ENVIRON["POLICY_NAME"]); print }
' "$from" > "$to"
