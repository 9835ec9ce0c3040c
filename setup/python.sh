#!/usr/bin/env bash
# Makes .venv with every package, at the pinned versions. Can be repeated; does nothing when nothing changed.
#   setup/python.sh          what running needs
#   setup/python.sh dev      the development tools too
# Where plain torch is a build for CUDA, pip's own PIP_EXTRA_INDEX_URL names an index with the CPU build.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/say.sh

extra=${1:-}
python=${PYTHON:-python3}
command -v "$python" >/dev/null || stop "There is no $python. Install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "$python is $("$python" -V); Python 3.11 or newer is needed."
[ "$python" = python3 ] && setup/system.sh venv

wanted=$(cat pyproject.toml constraints.txt setup/python.sh | sha256sum | cut -c1-16)-$extra
stamp=.venv/.installed
have=$(cat "$stamp" 2>/dev/null || true)
if [ "$have" = "$wanted" ] || { [ -z "$extra" ] && [ "${have%%-*}" = "${wanted%%-*}" ]; }; then exit 0; fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  say "Making a virtual environment in .venv …"
  rm -rf .venv
  "$python" -m venv .venv
fi
pip="nice -n 5 .venv/bin/python -m pip --disable-pip-version-check"
quiet="-q"; [ -t 1 ] && quiet=""
say "Installing torch, the largest of the packages …"
# shellcheck disable=SC2086
$pip install $quiet -c constraints.txt torch==2.13.0
say "Installing the other packages (two to four minutes) …"
# shellcheck disable=SC2086
$pip install $quiet -c constraints.txt hatchling editables
# shellcheck disable=SC2086
$pip install $quiet -c constraints.txt --no-build-isolation -e ".${extra:+[$extra]}"
echo "$wanted" > "$stamp"
say "The packages are there: $(du -sm .venv | cut -f1) MB in .venv."
