#!/usr/bin/env bash
# Builds llama-cpp-python and installs it into .venv. A build that was broken off goes on where it was.
#   setup/engine.sh               now, and waits
#   setup/engine.sh background    in the background; the page and `presence doctor` tell how far it is
#   setup/engine.sh native        a second, faster build for this processor; used once its check is passed
# .engine keeps  state (building, failed, done), pid (of the builder, and when it started), reason (one line),
# build.log, the wheels, and native. While a build is unfinished also src, tools and build. All may be thrown away.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/say.sh

version=0.3.36
sha256=832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e
tools=(scikit-build-core==1.1.2 cmake==4.4.4 ninja==1.13.2)
folder=$PWD/.engine
log=$folder/build.log
megabytes_needed=700
what=${1:-}
mkdir -p "$folder/wheels"

installed() { .venv/bin/python -c "import llama_cpp, sys; sys.exit(llama_cpp.__version__ != '$version')" 2>/dev/null; }
# Whole or not at all: a note that a full disk cuts off does not replace the one before.
note() { printf '%s\n' "$2" 2>/dev/null > "$folder/$1.$$" && mv -f "$folder/$1.$$" "$folder/$1"; }
fail() { note reason "$*" || rm -f "$folder/reason"; stop "$*"; }
# A process id comes back after a while, to another process; together with its start it does not.
# Who was killed but is not yet buried (Z) counts as gone.
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'; }
running() {
  local pid="" since=""
  [ "$(cat "$folder/state" 2>/dev/null)" = building ] || return 1
  read -r pid since <<< "$(cat "$folder/pid" 2>/dev/null)"
  [ -n "$since" ] && [ "$since" = "$(started "$pid")" ]
}
ended() {
  note state failed || rm -f "$folder/state"
  [ -s "$folder/reason" ] || note reason "Its build was broken off; make run goes on with it." || true
}

# One builder at a time. Its compilers hold the lock too, so orphans of a killed one are waited for.
take_turn() {
  exec 9> "$folder/lock"
  flock -n 9 || { say "Waiting for the build that is under way …"; flock 9; }
}

# What fails twice on end is thrown away and made anew, because it may be damaged itself.
look_for_damage() {
  [ "$(wc -l 2>/dev/null < "$folder/failures" || echo 0)" -lt 2 ] && return
  say "The build failed twice; it begins anew."
  rm -rf "$folder"/{src,tools,build,wheels,native/build,failures}
  mkdir -p "$folder/wheels"
}

look_for_room() {  # what an unfinished build has taken already counts as there
  local free taken
  free=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
  taken=$(du -sm "$folder" | cut -f1)
  [ $((free + taken)) -ge $megabytes_needed ] \
    || fail "The engine's build needs $((megabytes_needed - taken)) MB of disk; $free are free."
}

need() {  # a word of setup/system.sh; its last line says what to type when it may not install
  setup/system.sh "$1" 9>&- 2> "$folder/system.err" && return
  cat "$folder/system.err" >&2
  fail "$(grep -v '^ *$' "$folder/system.err" | tail -n 1 | sed 's/^ *//')"
}

get_tools() {
  [ "$(cat "$folder/tools/.installed" 2>/dev/null)" = "${tools[*]}" ] && return
  rm -rf "$folder/tools"
  .venv/bin/python -m venv "$folder/tools"
  "$folder/tools/bin/python" -m pip --disable-pip-version-check install -q --no-deps --require-hashes \
    -r setup/locks/engine-build.lock >> "$log" 2>&1 \
    || fail "The tools of the engine's build could not be fetched; $log says why."
  echo "${tools[*]}" > "$folder/tools/.installed"
}

get_source() {
  [ "$(cat "$folder/src/.unpacked" 2>/dev/null)" = "$sha256" ] && return
  local sdist=$folder/llama_cpp_python-$version.tar.gz
  rm -rf "$folder"/{src,src.part,build,native/build} "$sdist"
  mkdir "$folder/src.part"
  say "Fetching the engine's source (77 MB) …"
  "$folder/tools/bin/python" -m pip --disable-pip-version-check download -q --no-deps --no-build-isolation \
    --no-binary llama-cpp-python -d "$folder" "llama-cpp-python==$version" >> "$log" 2>&1 \
    || fail "The engine's source could not be fetched; $log says why."
  echo "$sha256  $sdist" | sha256sum -c --quiet >> "$log" 2>&1 \
    || fail "The engine's source is not the one that was tried: its SHA-256 differs. Nothing was built."
  tar xzf "$sdist" -C "$folder/src.part" --strip-components 1 || fail "The engine's source could not be unpacked."
  echo "$sha256" > "$folder/src.part/.unpacked"
  mv "$folder/src.part" "$folder/src"
  rm -f "$sdist"
}

shown() {  # every line into the log, and at a terminal the step that the build is at
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line" >> "$log"
    if [ -t 1 ] && [[ $line =~ ^\ *(\[[0-9]+/[0-9]+\]) ]]; then printf '\r        %s ' "${BASH_REMATCH[1]}"; fi
  done
  if [ -t 1 ]; then printf '\r%24s\r' ""; fi
}

# Same tools, same paths, same folder: ninja goes on where it was. LLAVA is for pictures, which we do not read.
compile() {  # a folder, arguments for cmake
  PATH="$folder/tools/bin:$PATH" CMAKE_ARGS="$2 -DLLAVA_BUILD=OFF" "$folder/tools/bin/python" -m pip \
    --disable-pip-version-check wheel -v --no-deps --no-build-isolation --config-settings "build-dir=$1/build" \
    -w "$1/wheels" "$folder/src" 2>&1 | shown && return
  echo failed >> "$folder/failures" || true
  fail "The language engine could not be built; $log says why. The presence answers by quoting meanwhile."
}

install() {
  .venv/bin/python -m pip --disable-pip-version-check install -q --no-deps --require-hashes \
    -r setup/locks/engine.lock >> "$log" 2>&1 \
    && .venv/bin/python -m pip --disable-pip-version-check install -q -c constraints.txt \
      --find-links "$folder/wheels" "llama-cpp-python==$version" >> "$log" 2>&1 && installed && return
  echo failed >> "$folder/failures" || true
  .venv/bin/python -m pip --disable-pip-version-check uninstall -q -y llama-cpp-python >> "$log" 2>&1 || true
  rm -f "$folder"/wheels/*
  fail "The language engine was built but cannot be loaded; $log says why."
}

tidy() { rm -rf "$folder"/{build,src,tools,failures}; }  # 300 MB that only an unfinished build needs

portable() {
  take_turn
  trap ended EXIT
  rm -f "$folder/reason"
  note pid "$$ $(started $$)"
  note state building
  if ! installed; then
    look_for_damage
    if ! compgen -G "$folder/wheels/llama_cpp_python-$version-*.whl" >/dev/null; then
      look_for_room
      need compiler
      get_tools
      get_source
      say "Building the language engine, llama-cpp-python $version (three to ten minutes) …"
      # Taking the newest instructions (GGML_NATIVE) crashes on some processors, by older compilers.
      compile "$folder" -DGGML_NATIVE=OFF
    fi
    install
    tidy
  fi
  note state "done"
  trap - EXIT
  say "The language engine is there."
}

keep_libraries() {  # of the native wheel, and the OpenMP that they link, so that no compiler is needed later
  .venv/bin/python - "$folder/native" <<'PYTHON'
import re, shutil, subprocess, sys, zipfile
from pathlib import Path

native = Path(sys.argv[1])
part = native / "lib.part"
shutil.rmtree(part, ignore_errors=True)
part.mkdir()
(wheel,) = (native / "wheels").glob("llama_cpp_python-*.whl")
with zipfile.ZipFile(wheel) as packed:
    for name in packed.namelist():
        file = name.removeprefix("llama_cpp/lib/")
        if file != name and file.count(".") <= 2:  # libllama.so and libllama.so.0, not libllama.so.0.5.0 as well
            (part / file).write_bytes(packed.read(name))
needed = subprocess.run(["ldd", part / "libggml-cpu.so.0"], capture_output=True, text=True, check=True).stdout
for name, path in re.findall(r"(lib\w*omp\S*) => (/\S+)", needed):
    shutil.copy(path, part / name)
shutil.rmtree(native / "lib", ignore_errors=True)
part.rename(native / "lib")
PYTHON
}

native() {
  if ! installed; then portable; fi
  take_turn
  log=$folder/native/build.log
  mkdir -p "$folder/native"
  : > "$log"
  rm -f "$folder/native/verdict.json"
  look_for_damage
  look_for_room
  need clang
  # shellcheck source=setup/clang.sh
  . setup/clang.sh
  local clang; clang=$(newest_clang)
  get_tools
  get_source
  say "Building the engine for this processor with $clang (three to ten minutes) …"
  rm -rf "$folder/native/wheels"
  # Never with gcc: 12 gets the AMX instructions wrong, and the engine crashes.
  CC=$clang CXX=${clang/clang/clang++} compile "$folder/native" -DGGML_NATIVE=ON
  keep_libraries
  .venv/bin/python -m pip --disable-pip-version-check install -q --no-deps --require-hashes \
    -r setup/locks/engine.lock >> "$log" 2>&1
  tidy
  rm -rf "$folder"/native/{build,wheels}
  say "Checking it against the portable build …"
  exec .venv/bin/python -m models.build_check "$folder/native" 9>&-
}

case "$what" in
  background)
    if running; then say "The language engine is being built already; $log tells how far it is."; exit 0; fi
    if installed; then note state "done"; exit 0; fi
    : > "$log"
    rm -f "$folder/reason"
    note state building
    nohup setsid nice -n 10 "$PWD/setup/engine.sh" build >> "$log" 2>&1 < /dev/null &
    note pid "$! $(started $!)"
    say "The language engine is being built in the background; $log tells how far it is." ;;
  build) portable ;;
  "") if installed; then note state "done"; else : > "$log"; portable; fi ;;
  native) native ;;
  *) stop "setup/engine.sh does not know '$what'." ;;
esac
