# shellcheck shell=bash
# What the reader sees: one line a step, and one sentence when something is wrong.

readonly EXIT_USAGE=254
readonly EXIT_ENVIRONMENT=255

say() { printf '%4ds  %s\n' "$SECONDS" "$*" >&2; }

usage_error() {
  printf 'docker/prepare: %s\n' "$*" >&2
  exit "$EXIT_USAGE"
}

environment_error() {
  printf 'docker/prepare: %s\n' "$*" >&2
  exit "$EXIT_ENVIRONMENT"
}

# Keeps the long output of a tool in a log. When the tool fails: the log's last lines, then the sentence.
# logged <log name> <what was being done> <command...>
logged() {
  local log="$PREPARED/$1.log" what="$2"
  shift 2
  if "$@" >"$log" 2>&1 </dev/null; then return 0; fi
  fail_with_log "$log" "$what"
}

# fail_with_log <log> <what was being done> [<why it failed>]
fail_with_log() {
  local log="$1" what="$2" why="${3:-}"
  if [ -s "$log" ]; then
    printf -- '---- the last lines of %s\n' "$log" >&2
    tail -n 15 "$log" >&2 || true
    printf -- '----\n' >&2
  fi
  environment_error "$what failed: ${why:-$(likely_cause "$log")}"
}

# The usual troubles, recognised by what the tools print, with what to do about them.
likely_cause() {
  local log="$1"
  if grep -qiE 'no space left on device|not enough free space|disk quota exceeded' "$log" 2>/dev/null; then
    echo "the disk is full; free some space (docker system df shows what the engine holds) and run this again."
  elif grep -qiE 'temporary failure resolving|could not resolve|no such host|network is unreachable|connection timed out|connection refused|i/o timeout|unable to connect to|failed to fetch|failed getting release file' "$log" 2>/dev/null; then
    echo "the network did not answer; it is needed until the images are there. Run this again once it is back (log: $log)."
  elif grep -qiE 'unable to locate package|has no installation candidate' "$log" 2>/dev/null; then
    echo "a package is not in the configured package sources (log: $log)."
  elif grep -qiE 'could not get lock|unable to acquire the dpkg' "$log" 2>/dev/null; then
    echo "another package installation is at work; wait for it to end and run this again."
  else
    echo "see $log."
  fi
}
