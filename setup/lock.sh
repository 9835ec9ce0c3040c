#!/usr/bin/env bash
# Writes setup/locks anew: for each package, its version of constraints.txt and the SHA-256 of all its files.
#   setup/lock.sh
# torch stands in none of them: its builds differ from place to place, so it is pinned by its version alone.
# What torch itself needs is named here, so that it finds all of that when it comes.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/say.sh

uv_version=0.13.9
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/tools"
"$folder/tools/bin/python" -m pip --disable-pip-version-check install -q "uv==$uv_version"
echo "torch; sys_platform == 'none'" > "$folder/without.txt"
printf '%s\n' filelock fsspec networkx setuptools sympy > "$folder/for_torch.in"
printf '%s\n' hatchling editables > "$folder/for_building.in"
printf '%s\n' diskcache gguf > "$folder/engine.in"
sed -n 's/^tools=(\(.*\))$/\1/p' setup/engine.sh | tr ' ' '\n' > "$folder/engine-build.in"

lock() {  # a name, locks whose packages are not repeated, then what is wanted
  local name=$1 others=$2 known=()
  shift 2
  for other in $others; do
    while read -r package; do known+=(--no-emit-package "$package"); done \
      < <(sed -n 's/^\([A-Za-z0-9][A-Za-z0-9._-]*\)==.*/\1/p' "setup/locks/$other.lock")
  done
  say "Writing setup/locks/$name.lock …"
  "$folder/tools/bin/uv" pip compile -q "$@" -c constraints.txt --override "$folder/without.txt" "${known[@]}" \
    --python-version 3.11 --python-platform x86_64-manylinux_2_28 \
    --generate-hashes --no-annotate --no-header -o "$folder/$name.lock"
  mv "$folder/$name.lock" "setup/locks/$name.lock"
}

lock run "" pyproject.toml "$folder/for_torch.in" "$folder/for_building.in"
lock dev run pyproject.toml --extra dev
lock measure "run dev" pyproject.toml --extra measure
lock engine run "$folder/engine.in"
lock engine-build "" "$folder/engine-build.in"
