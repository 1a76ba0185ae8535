#!/usr/bin/env bash
# To a new version and, should it not work, back: upgrade.sh NEW_FOLDER
# 1. a backup; 2. the new version opens a copy of the data and brings it to its format; 3. only if
# that is sound, the site stops, a second backup holds what came meanwhile, current points to the
# new version, and it starts. If it is not ready within two minutes, the old version comes back
# with the data of the second backup: nothing is lost either way.
set -euo pipefail
new=$(realpath "${1:?新版本装在哪个文件夹？例如 /opt/policy-assistant/0.2.0}")
home=${POLICY_HOME:-/opt/policy-assistant}
data=${POLICY_DATA_DIR:-/var/lib/policy-assistant}
backups=${POLICY_BACKUPS:-/var/backups/policy-assistant}
ports=${POLICY_PORTS:-7861 7862}
old=$(realpath "$home/current")
[ "$new" != "$old" ] || { echo "$new 已经是正在用的版本" >&2; exit 2; }
[ -x "$new/.venv/bin/python" ] || { echo "$new 没有装好：没有 .venv" >&2; exit 2; }
shopt -s nullglob

units() { for port in $ports; do echo "policy-assistant@$port"; done; }
as_policy() { runuser -u policy -- env POLICY_DATA_DIR="$1" "${@:2}"; }
newest() { local all=("$backups"/policy-backup*/); echo "${all[-1]}"; }
ready() {
  local port
  for port in $ports; do
    curl -fsS --max-time 3 "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 || return 1
  done
}

echo "1/4 备份"
(cd "$old" && as_policy "$data" .venv/bin/python -m ingest backup "$backups")
kept=$(newest)

echo "2/4 用新版本打开一份副本"
trial=$(mktemp -d "$backups/.trial.XXXXXX")
chown policy: "$trial"
trap 'rm -rf -- "$trial"' EXIT
(cd "$new" && as_policy "$trial/data" .venv/bin/python -m ingest restore "$kept")
(cd "$new" && as_policy "$trial/data" .venv/bin/python -m ingest verify)
(cd "$new" && as_policy "$trial/data" .venv/bin/python -m assistant doctor)

echo "3/4 换版本"
mapfile -t names < <(units)
systemctl stop "${names[@]}"
(cd "$old" && as_policy "$data" .venv/bin/python -m ingest backup "$backups") || {
  systemctl start "${names[@]}"
  echo "备份没有做成，没有换版本" >&2
  exit 1
}
kept=$(newest)
ln -sfn "$new" "$home/current.new" && mv -T "$home/current.new" "$home/current"
systemctl daemon-reload
systemctl start "${names[@]}"

echo "4/4 等它就绪"
for _ in $(seq 60); do
  if ready; then
    echo "已换到 $new；旧版本还在 $old，升级前的备份在 $kept"
    exit 0
  fi
  sleep 2
done
echo "两分钟内没有就绪，换回 $old" >&2
systemctl stop "${names[@]}"
ln -sfn "$old" "$home/current.new" && mv -T "$home/current.new" "$home/current"
(cd "$old" && as_policy "$data" .venv/bin/python -m ingest restore --force "$kept")
systemctl start "${names[@]}"
exit 1
