# shellcheck shell=bash
# A container engine: the one that answers, else one installed and started here.

readonly ENGINE_LOG=/var/log/gauntlet-dockerd.log
readonly ENGINE_PID_FILE=/run/docker.pid # the engine's own default, so that it refuses to run twice
readonly ENGINE_START_SECONDS=60

ensure_engine() {
  if engine_answers; then return; fi
  refuse_when_engine_was_chosen
  refuse_when_engine_cannot_be_installed
  install_engine
  if engine_answers; then return; fi
  start_engine
}

# Sets ENGINE_SAID to what the client printed, for the sentences below.
engine_answers() {
  command -v docker >/dev/null || { ENGINE_SAID="there is no docker client on PATH" && return 1; }
  ENGINE_SAID="$(bounded 10 docker version --format '{{.Server.Version}}' 2>&1)" && [ -n "$ENGINE_SAID" ]
}

# Runs a command with a limit in seconds where the machine has the means to (macOS does not).
bounded() {
  if command -v timeout >/dev/null; then timeout "$@"; else shift && "$@"; fi
}

# Somebody who names an engine means that one; to start another behind their back would be wrong.
refuse_when_engine_was_chosen() {
  local said="${ENGINE_SAID##*$'\n'}" context
  case "$ENGINE_SAID" in
    *"ermission denied"*)
      environment_error "the container engine refuses this user; add the user to the group docker, or run as root. It said: $said" ;;
  esac
  if [ -n "${DOCKER_HOST:-}" ]; then
    environment_error "the container engine at DOCKER_HOST=$DOCKER_HOST does not answer; start it, or unset DOCKER_HOST. The client said: $said"
  fi
  context="${DOCKER_CONTEXT:-$(docker context show 2>/dev/null || echo default)}"
  if [ "$context" != default ]; then
    environment_error "the container engine of the docker context '$context' does not answer; start it, or choose another with 'docker context use'. The client said: $said"
  fi
}

refuse_when_engine_cannot_be_installed() {
  if ! is_debian; then
    environment_error "no container engine answers; install and start Docker (Docker Engine, Docker Desktop, Colima) and run this again."
  fi
  if [ "$(id -u)" -ne 0 ]; then
    environment_error "no container engine answers, and only root may install one; run 'sudo docker/prepare', or start Docker yourself and run this again."
  fi
}

is_debian() {
  command -v apt-get >/dev/null && grep -qE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release 2>/dev/null
}

install_engine() {
  if ! command -v dockerd >/dev/null || ! command -v iptables >/dev/null; then
    say "no container engine here: installing docker.io and iptables"
    install_packages docker.io iptables
  fi
  if ! command -v docker >/dev/null; then
    say "no docker client here: installing docker-cli"
    install_packages docker-cli # a package of its own since Debian 13; before, docker.io brought it
  fi
}

# The package lists may be missing or so old that the mirror has moved on: then fetch them and try again.
install_packages() {
  if apt_install "$@" >"$PREPARED/apt.log" 2>&1 </dev/null; then return; fi
  logged apt "installing $*" apt_update_and_install "$@"
}

# In one log: apt-get update calls it a success when a source did not answer, and then a package is missing.
apt_update_and_install() {
  apt-get update && apt_install "$@"
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
}

start_engine() {
  if dockerd_runs; then
    say "waiting for the container engine that is starting"
    if wait_for_engine; then return; fi
  fi
  if [ -d /run/systemd/system ]; then
    say "starting the container engine (systemctl start docker)"
    logged dockerd "starting the container engine (systemctl start docker)" systemctl start docker
  else
    say "starting the container engine (dockerd, log $ENGINE_LOG)"
    start_dockerd
    if wait_for_engine; then return; fi
    # After a kill it may take the remains of the one before (a containerd not yet reaped) for alive, wait for
    # it, and give up. By then they are gone.
    say "dockerd ended: starting it once more"
    start_dockerd
  fi
  wait_for_engine || fail_with_log "$ENGINE_LOG" "starting the container engine" "dockerd ended; $ENGINE_LOG says why."
}

# A session and process group of its own: the engine outlives this shell and whoever called it, and holds
# none of their files open (9 is the lock of this script).
start_dockerd() {
  rm -f "$ENGINE_PID_FILE" # no dockerd runs: a file from before would only be in the way
  setsid nohup dockerd --pidfile "$ENGINE_PID_FILE" </dev/null >"$ENGINE_LOG" 2>&1 9>&- &
}

# False when no dockerd is left to wait for.
wait_for_engine() {
  local deadline=$((SECONDS + ENGINE_START_SECONDS)) absent=0
  until engine_answers; do
    # Several times in a row: between fork and exec the process does not yet bear the name.
    if dockerd_runs; then absent=0; else absent=$((absent + 1)); fi
    if [ "$absent" -ge 5 ]; then return 1; fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      fail_with_log "$ENGINE_LOG" "starting the container engine" \
        "it did not answer within $ENGINE_START_SECONDS s; $ENGINE_LOG says how far it came. The client said: ${ENGINE_SAID##*$'\n'}"
    fi
    sleep 0.2
  done
}

# One that lives: a process that has ended and is not yet reaped has a name, but no program any more. Read from
# /proc, because a small Debian has no pgrep.
dockerd_runs() {
  local process name
  for process in /proc/[0-9]*; do
    { read -r name <"$process/comm"; } 2>/dev/null || continue
    if [ "$name" = dockerd ] && [ -e "$process/exe" ]; then return 0; fi
  done
  return 1
}

# The engine's address, as DOCKER_HOST would name it.
engine_address() {
  if [ -n "${DOCKER_HOST:-}" ]; then
    echo "$DOCKER_HOST"
  else
    docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || echo unix:///var/run/docker.sock
  fi
}
