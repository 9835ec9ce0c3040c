#!/usr/bin/env bash
# Makes what is released, of what is committed, into dist.
#   setup/release.sh wheel       the source and the wheel: built twice in clean clones, and the bytes compared
#   setup/release.sh sbom        every package that running needs, as CycloneDX
#   setup/release.sh sign KEY    SHA256SUMS of all in dist, signed with a private SSH key (Ed25519)
# How the others check it: SECURITY.md.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/say.sh

python=$PWD/.venv/bin/python
cyclonedx_version=7.5.0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

build() {  # a name for the clone, and for the folder that it is built into
  git clone -q --local --no-hardlinks . "$folder/$1"
  # Files get the time of the commit, whenever they are built, and the same rights, whoever builds them.
  (umask 022 && cd "$folder/$1" && chmod -R u=rwX,go=rX . \
    && SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) "$python" -m build --no-isolation --outdir "$folder/$1.built" . \
      > "$folder/log" 2>&1) || { tail -n 15 "$folder/log" >&2; stop "The wheel could not be built."; }
}

wheel() {
  say "Building what is committed ($(git log -1 --format=%h)), twice …"
  build first
  build second/elsewhere
  for file in "$folder"/first.built/*; do
    cmp "$file" "$folder/second/elsewhere.built/${file##*/}" || stop "${file##*/} is not the same twice."
  done
  mkdir -p dist
  rm -f dist/presence-*.whl dist/presence-*.tar.gz
  cp "$folder"/first.built/* dist/
  (cd dist && sha256sum presence-*.whl presence-*.tar.gz)
}

sbom() {  # of an environment that has the locked packages alone
  say "Writing dist/presence.cdx.json …"
  "$python" -m venv "$folder/tools"
  "$folder/tools/bin/python" -m pip --disable-pip-version-check install -q "cyclonedx-bom==$cyclonedx_version"
  mkdir -p dist
  "$python" -m venv --without-pip "$folder/running"
  "$python" - "$folder/running" <<'PYTHON'
import re, shutil, sys
from importlib import metadata
from pathlib import Path

there = next(Path(sys.argv[1], "lib").glob("python*")) / "site-packages"
named = re.findall(r"(?m)^([A-Za-z0-9._-]+)==", Path("setup/locks/run.lock").read_text())
for name in [*named, "torch", "presence"]:
    about = Path(str(metadata.distribution(name)._path))
    shutil.copytree(about, there / about.name)
PYTHON
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) "$folder/tools/bin/cyclonedx-py" environment "$folder/running" \
    --pyproject pyproject.toml --output-reproducible --validate -o dist/presence.cdx.json
}

sign() {
  [ -f "${1:-}" ] || stop "Name the private key that signs: setup/release.sh sign KEY (ssh-keygen -t ed25519 makes one)."
  compgen -G "dist/presence-*.whl" > /dev/null || stop "There is nothing in dist to sign. First: make wheel"
  (cd dist && rm -f SHA256SUMS SHA256SUMS.sig && sha256sum presence* > SHA256SUMS)
  ssh-keygen -q -Y sign -f "$1" -n presence-release dist/SHA256SUMS
  say "dist/SHA256SUMS is signed."
}

case "${1:-}" in
  wheel) wheel ;;
  sbom) sbom ;;
  sign) sign "${2:-}" ;;
  *) stop "setup/release.sh does not know '${1:-}'." ;;
esac
