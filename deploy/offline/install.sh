#!/usr/bin/env bash
# Installs from this folder alone, without any network: install.sh [FOLDER] (/opt/policy-assistant).
# As root it also makes the user `policy`, its folders and the systemd units; as anybody else it only
# puts the program and its environment into FOLDER/VERSION, ready for `.venv/bin/python app.py`.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
home=$(realpath -m "${1:-/opt/policy-assistant}")
name=$(basename "$here")
version=${name#policy-assistant-}
target=$home/$version
python=${PYTHON:-$(command -v python3.11 || true)}

[ -n "$python" ] || { echo "没有 Python 3.11；先装 debian.txt 里列出的软件包" >&2; exit 2; }
"$python" -c 'import ensurepip, venv' 2>/dev/null || {
  echo "缺 python3.11-venv；先装 debian.txt 里列出的软件包" >&2
  exit 2
}
[ ! -e "$target" ] || { echo "$target 已经有了，没有改动它" >&2; exit 2; }
echo "核对校验和…"
(cd "$here" && sha256sum --quiet --strict -c SHA256SUMS) || {
  echo "文件损坏或被改过，没有安装" >&2
  exit 1
}
listed=$(cut -c67- "$here/SHA256SUMS" | sort)
present=$(cd "$here" && find . -type f ! -name SHA256SUMS | sort)
[ "$listed" = "$present" ] || { echo "文件夹里多出或缺少文件，没有安装" >&2; exit 1; }

echo "安装到 $target…"
mkdir -p "$home"
part=$(mktemp -d "$home/.part.XXXXXX")
trap 'rm -rf -- "$part"' EXIT
chmod 755 "$part"
tar -xzf "$here/program.tar.gz" -C "$part"
mv -T "$part" "$target" # an environment knows its own path
if ! { "$python" -m venv "$target/.venv" &&
  "$target/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index \
    --find-links "$here/wheels" -r "$target/requirements.txt"; }; then
  rm -rf -- "$target"
  echo "没有装成，$target 已删去" >&2
  exit 1
fi
[ -e "$home/current" ] || ln -s "$target" "$home/current"

if [ "$(id -u)" = 0 ] && command -v systemctl >/dev/null; then
  id policy >/dev/null 2>&1 || useradd --system --home-dir /var/lib/policy-assistant --shell /usr/sbin/nologin policy
  install -d -o policy -g policy -m 700 /var/lib/policy-assistant /var/backups/policy-assistant
  install -d -m 750 -g policy /etc/policy-assistant
  [ -e /etc/policy-assistant/settings.env ] ||
    install -m 640 -g policy "$target/deploy/settings.env.example" /etc/policy-assistant/settings.env
  install -m 644 "$target"/deploy/systemd/policy-assistant* /etc/systemd/system/
  systemctl daemon-reload 2>/dev/null || true
  echo "装好了。改 /etc/policy-assistant/settings.env，建账号，再："
  echo "  systemctl enable --now policy-assistant@7861 policy-assistant@7862 policy-assistant-backup.timer"
else
  echo "装好了。启动：cd $target && .venv/bin/python app.py"
fi
