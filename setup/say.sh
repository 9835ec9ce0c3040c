# Shared by the set-up scripts: one line per step, with the time since the beginning.
began=${SETUP_BEGAN:-$(date +%s)}
export SETUP_BEGAN=$began
say() { printf '  %3ds  %s\n' "$(($(date +%s) - began))" "$*"; }
stop() { printf '\n  %s\n\n' "$*" >&2; exit 1; }
