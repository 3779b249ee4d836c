# Shared by the scripts in Tools/: they source it, and stand in the project's top folder afterwards.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

# One set of arguments for every optimised build, so that the scripts do not build each other's work again.
release=(-c release --static-swift-stdlib)

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Shows how far the output on standard input has come: one line that moves on in a terminal, a line now and then elsewhere.
progress() {
  local label=$1 start=$SECONDS shown=0 step= line now
  while true; do
    if IFS= read -r -t 5 line; then
      if [[ $line =~ ^\[([0-9]+/[0-9]+)\] ]]; then step=", step ${BASH_REMATCH[1]}"; fi
    elif (($? <= 128)); then
      break # the end; a time-out is above 128
    fi
    now=$((SECONDS - start))
    if [[ -t 1 ]]; then
      if ((now > shown)); then
        shown=$now
        printf '\r  %s: %d s%s\e[K' "$label" "$now" "$step"
      fi
    elif ((now >= shown + 20)); then
      shown=$now
      say "  $label: $now s$step"
    fi
  done
  if [[ -t 1 ]]; then printf '\r\e[K'; fi
  say "  $label: $((SECONDS - start)) s"
}

# calmly LABEL LOG COMMAND...: runs COMMAND with its output in LOG and only its progress on the screen. When it
# fails, what it said last is shown.
calmly() {
  local label=$1 log=$2
  shift 2
  mkdir -p "${log%/*}"
  if ! "$@" 2>&1 </dev/null | tee "$log" | progress "$label"; then
    { grep -E '(^|[: ])(error|E):' "$log" || tail -n 30 "$log"; } | awk '!seen[$0]++' | head -n 40 >&2
    fail "$label failed; all of its output is in $PWD/$log"
  fi
}
