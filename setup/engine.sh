#!/usr/bin/env bash
# Builds llama-cpp-python, portably, and installs it into .venv.
#   setup/engine.sh               now, and waits
#   setup/engine.sh background    in the background; .engine/ tells how far it is
# A build that was broken off begins anew; a finished wheel is kept in .engine/wheels and used again.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/say.sh

version=0.3.36
folder=.engine
log=$folder/build.log
mkdir -p $folder/wheels
.venv/bin/python -c 'import llama_cpp' 2>/dev/null && { echo "done" > $folder/state; exit 0; }

running() { [ "$(cat $folder/state 2>/dev/null)" = building ] && kill -0 "$(cat $folder/pid 2>/dev/null)" 2>/dev/null; }

if [ "${1:-}" = background ]; then
  if running; then say "The language engine is being built already; $log tells how far it is."; exit 0; fi
  echo building > $folder/state
  nohup setsid nice -n 10 "$PWD/setup/engine.sh" build > $log 2>&1 &
  echo $! > $folder/pid
  say "The language engine is being built in the background; $log tells how far it is."
  exit 0
fi

if [ "${1:-}" != build ] && running; then
  say "Waiting for the language engine, which is being built in the background …"
  while running; do sleep 3; done
  [ "$(cat $folder/state)" = "done" ] && exit 0
fi

failed() { echo failed > $folder/state; }
trap failed EXIT
echo building > $folder/state
[ "${1:-}" = build ] || echo $$ > $folder/pid
setup/system.sh compiler
say "Building the language engine, llama-cpp-python $version (three to ten minutes) …"
# The default build crashes on some processors: GGML_NATIVE takes their newest instructions, which
# older compilers get wrong. LLAVA is for pictures, which we do not read.
out=$log; [ "${1:-}" = build ] && out=/dev/stdout
CMAKE_ARGS="-DGGML_NATIVE=OFF -DLLAVA_BUILD=OFF" .venv/bin/python -m pip --disable-pip-version-check \
  wheel -v --no-deps -w $folder/wheels --find-links $folder/wheels "llama-cpp-python==$version" >> "$out" 2>&1 \
  || stop "The language engine could not be built; $log says why. The presence answers by quoting meanwhile."
.venv/bin/python -m pip --disable-pip-version-check install -q -c constraints.txt \
  --find-links $folder/wheels diskcache "llama-cpp-python==$version"
.venv/bin/python -c 'import llama_cpp'
echo "done" > $folder/state
trap - EXIT
say "The language engine is there."
