# The newest clang whose OpenMP works here, or nothing. Sourced by the set-up scripts.
works_with_openmp() {
  local tried; tried=$(mktemp -d)
  printf '#include <omp.h>\nint main() { return omp_get_max_threads() < 1; }\n' > "$tried/omp.c"
  "$1" -fopenmp "$tried/omp.c" -o "$tried/omp" 2>/dev/null && [ -x "$tried/omp" ]
  local worked=$?
  rm -rf "$tried"
  return $worked
}

newest_clang() {
  local name
  for name in $(compgen -c | grep -E '^clang-[0-9]+$' | sort -ut- -k2,2nr) clang; do
    if command -v "$name" >/dev/null && command -v "${name/clang/clang++}" >/dev/null && works_with_openmp "$name"; then
      echo "$name"
      return
    fi
  done
}
