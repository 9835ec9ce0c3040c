#!/usr/bin/env bash
# Asks whether a pinned package is known to be vulnerable, over the network. What SECURITY.md explains is passed over.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/say.sh

pip_audit_version=2.10.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
.venv/bin/python -m venv "$folder"
"$folder/bin/python" -m pip --disable-pip-version-check install -q "pip-audit==$pip_audit_version"
explained=()
while read -r advisory; do explained+=(--ignore-vuln "$advisory"); done < <(grep -oE 'CVE-[0-9]{4}-[0-9]+' SECURITY.md | sort -u)
say "Asking about every pin of constraints.txt; explained in SECURITY.md: $((${#explained[@]} / 2)) …"
# Strict: a package that nobody could be asked about is a finding, too.
"$folder/bin/pip-audit" --strict --disable-pip --no-deps -r constraints.txt "${explained[@]}"
