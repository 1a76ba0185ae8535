#!/usr/bin/env bash
# One backup of everything below $1, checked; the newest $KEEP (14) stay.
set -euo pipefail
shopt -s nullglob
into=${1:?备份放在哪里？例如 /var/backups/policy-assistant}
keep=${KEEP:-14}
cd "$(dirname "$0")/.."
.venv/bin/python -m ingest backup "$into"
made=("$into"/policy-backup*/) # named by date: the last is the newest
.venv/bin/python -m ingest verify "${made[-1]}"
for ((i = 0; i < ${#made[@]} - keep; i++)); do
  rm -rf -- "${made[i]}"
done
