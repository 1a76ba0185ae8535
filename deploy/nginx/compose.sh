#!/bin/sh
# Makes the configuration of the proxy's container from the one for a machine: other addresses of
# the processes, and the name of this site.
set -eu
servers=$(for address in $POLICY_UPSTREAMS; do echo "    server $address max_fails=2 fail_timeout=5s;"; done)
awk -v servers="$servers" -v name="$POLICY_NAME" '
  /server 127\.0\.0\.1:/ { if (!done) print servers; done = 1; next }
  { gsub(/zhengce\.example\.gov\.cn/, name); print }
' /etc/nginx/templates/policy-assistant.conf > /etc/nginx/conf.d/default.conf
