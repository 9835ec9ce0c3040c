#!/usr/bin/env bash
# Makes sure that programs of the system are there: installs them when it may, or says the one line to type.
#   setup/system.sh clang compiler chromium postgresql venv
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/say.sh
. setup/clang.sh

missing=()
need() { missing+=("$@"); }
for wanted in "$@"; do
  case "$wanted" in
    clang) [ -n "$(newest_clang)" ] || need clang libomp-dev ;;
    compiler) command -v c++ >/dev/null || need g++ ;;
    chromium) command -v chromium >/dev/null || need chromium fonts-dejavu-core ;;
    postgresql) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || need postgresql ;;
    venv) python3 -c 'import ensurepip, venv' 2>/dev/null || need python3-venv ;;
    *) stop "setup/system.sh does not know '$wanted'." ;;
  esac
done
[ ${#missing[@]} -eq 0 ] && exit 0

line="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
  if sudo -n true 2>/dev/null; then as_root="sudo"; else stop "Missing: ${missing[*]}. Type this, then start again:  sudo sh -c '$line'"; fi
fi
command -v apt-get >/dev/null || stop "Missing: ${missing[*]}. Install them with your system's package manager, then start again."
say "Installing ${missing[*]} …"
log=$(mktemp)
if ! DEBIAN_FRONTEND=noninteractive $as_root sh -c "$line" >"$log" 2>&1; then
  tail -n 15 "$log" >&2
  stop "That did not work. Try it by hand:  $as_root sh -c '$line'"
fi
say "${missing[*]}: there."
