#!/usr/bin/env bash
# What a machine without any network needs, in one archive below $1 (dist): the program as
# committed, every wheel of requirements.txt, the names of Debian's packages, checksums, install.sh.
# Run it where a package registry can be reached, on the same Debian, Python and processor family.
set -euo pipefail
cd "$(dirname "$0")/../.."
into=$(realpath -m "${1:-dist}")
python=${PYTHON:-.venv/bin/python}
version=$("$python" -c 'from vectorstore import VERSION; print(VERSION)')
name=policy-assistant-$version
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
bundle=$folder/$name
mkdir -p "$bundle/wheels" "$into"

git archive --format=tar HEAD | gzip -n >"$bundle/program.tar.gz"
extra=$("$python" -c 'import urllib.request as u; i = "https://download.pytorch.org/whl/cpu"; u.urlopen(i + "/", timeout=4); print("--extra-index-url", i)' 2>/dev/null || true)
# shellcheck disable=SC2086
"$python" -m pip wheel --quiet --disable-pip-version-check --wheel-dir "$bundle/wheels" $extra -r requirements.txt pip
cp deploy/offline/install.sh deploy/offline/debian.txt "$bundle/"
(cd "$bundle" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
tar -C "$folder" -cf "$into/$name.tar" "$name"
(cd "$into" && sha256sum "$name.tar" >"$name.tar.sha256")
echo "$into/$name.tar：$(du -h "$into/$name.tar" | cut -f1)，$(ls "$bundle/wheels" | wc -l) 个 wheel"
