# shellcheck shell=bash
# The images: what each is called, and how it comes to be.
#
# A tag ends in a hash of everything the image is made from. So a tag that is there is right, and nothing is
# built that has not changed.

readonly LABEL=io.github.pggauntlet
readonly MIRROR=http://deb.debian.org/debian

readonly TOXIPROXY_VERSION=2.12.0
readonly RYUK_VERSION=0.14.0 # the one that Testcontainers 2.0.5 asks for
readonly ETCD_VERSION=3.5.21 # when pulled; when built, Debian's
readonly BASE_SUITE=trixie   # carries etcd, and Go where the machine has none
readonly GO_NEEDED=1.24
readonly EDGE_POSTGRES=17 # what the tests run

readonly REGISTRY_SECONDS=8 # for the first sign of a registry

IMAGES=""        # the tags of ours that the engine has, one a line, with a line end on either side
REGISTRY=unknown # then: answers, or none
MADE=""          # set when an image has been made in this run
RYUK_MISSING=""  # set when Ryuk could be neither pulled nor built

# The Debian release that brings a PostgreSQL, and the Java runtime that comes with it.
suite_of() {
  case "$1" in 15) echo bookworm ;; 17) echo trixie ;; 18) echo forky ;; esac
}

java_of() {
  case "$1" in 15) echo 17 ;; 17) echo 21 ;; 18) echo 25 ;; esac
}

# ---- names

base_tag() { echo "gauntlet/base:$1-$(fingerprint base "$MIRROR" "$1")"; }
node_tag() { echo "gauntlet/node:pg$1-$(fingerprint node "$1" "$(java_of "$1")" "$(base_tag "$(suite_of "$1")")")"; }
guest_tag() { echo "gauntlet/guest:pg$1-$(fingerprint guest "$1" "$(node_tag "$1")")"; }
edge_tag() { echo "gauntlet/edge:$(fingerprint edge "$(node_tag "$EDGE_POSTGRES")")"; }
etcd_tag() { echo "gauntlet/etcd:$(fingerprint etcd "$ETCD_VERSION" "$(base_tag "$BASE_SUITE")")"; }
toxiproxy_tag() { echo "gauntlet/toxiproxy:$TOXIPROXY_VERSION-$(fingerprint toxiproxy "$TOXIPROXY_VERSION")"; }
ryuk_tag() { echo "gauntlet/ryuk:$RYUK_VERSION-$(fingerprint ryuk "$RYUK_VERSION")"; }

# fingerprint <directory> <word...>: a hash of the words and of every file in the directory.
fingerprint() {
  local directory="$HERE/$1" file
  shift
  {
    printf '%s\n' "$@"
    for file in "$directory"/*; do
      printf '%s\n' "${file##*/}"
      cat "$file"
    done
  } | sha256 | cut -c 1-12
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}

# ---- what is there

# Sets IMAGES, one tag a line. An engine of the Podman kind puts localhost/ before names of our own.
list_images() {
  IMAGES="$(bounded 10 docker images --filter "label=$LABEL=image" --format '{{.Repository}}:{{.Tag}}' 2>/dev/null)" || return 1
  IMAGES=$'\n'"${IMAGES//localhost\//}"$'\n'
}

is_there() {
  case "$IMAGES" in *$'\n'"$1"$'\n'*) return 0 ;; *) return 1 ;; esac
}

# ---- making them

# make_image <role> <tag> <docker build arguments...>: one of our own, with our labels on it. The old builder
# is asked for by name: the new one is a plugin that is often not installed. The network is the machine's
# own, because package mirrors are often reachable (or even named) only there.
make_image() {
  local role="$1" tag="$2"
  shift 2
  DOCKER_BUILDKIT=0 logged "$role" "building $tag" docker build --network host --force-rm \
    --label "$LABEL=image" --label "$LABEL.role=$role" --tag "$tag" "$@"
  MADE=1
}

# An image somebody else publishes, under our own tag and labels. The remaining arguments go to docker build.
adopt() {
  local role="$1" tag="$2" published="$3" context
  context="$(new_directory)"
  printf 'FROM %s\n' "$published" >"$context/Dockerfile"
  if [ -n "${4:-}" ]; then printf '%s\n' "$4" >>"$context/Dockerfile"; fi
  make_image "$role" "$tag" "$context"
}

ensure_base() {
  local suite="$1" tag from
  tag="$(base_tag "$suite")"
  if is_there "$tag"; then return; fi
  from="debian:$suite-slim"
  if ! pull "$from"; then
    from="gauntlet/rootfs:$(basename "${tag#*:}")"
    is_there "$from" || bootstrap "$suite" "$from"
  fi
  make_image base "$tag" --build-arg "FROM=$from" "$HERE/base"
  IMAGES="$IMAGES$tag"$'\n'
}

bootstrap() {
  local suite="$1" tag="$2" root
  can_bootstrap
  say "building $tag (mmdebstrap)"
  root="$(new_directory)/root.tar"
  logged "bootstrap-$suite" "making a Debian $suite file system" "$HERE/base/bootstrap" "$suite" "$MIRROR" "$root"
  logged "import-$suite" "importing $tag" \
    docker import --change "LABEL $LABEL=image" --change "LABEL $LABEL.role=rootfs" "$root" "$tag"
  rm -f "$root"
}

can_bootstrap() {
  local ours theirs
  if ! is_debian || [ "$(id -u)" -ne 0 ]; then
    environment_error "no image registry answers, and without one the images can only be made on Debian or Ubuntu as root; connect the engine to a registry (Docker Hub or a mirror of it) and run this again."
  fi
  ours="$(dpkg --print-architecture)"
  theirs="$(docker version --format '{{.Server.Arch}}')"
  if [ "$ours" != "$theirs" ]; then
    environment_error "no image registry answers, and this machine ($ours) cannot make images for the engine's kind ($theirs); connect the engine to a registry and run this again."
  fi
  if ! command -v mmdebstrap >/dev/null || [ ! -e /usr/share/keyrings/debian-archive-keyring.gpg ]; then
    say "installing mmdebstrap"
    install_packages mmdebstrap debian-archive-keyring
  fi
}

ensure_node() {
  local postgres="$1" tag suite
  tag="$(node_tag "$postgres")"
  if is_there "$tag"; then return; fi
  suite="$(suite_of "$postgres")"
  ensure_base "$suite"
  say "building $tag (PostgreSQL $postgres and Java $(java_of "$postgres") from Debian $suite)"
  make_image node "$tag" --label "$LABEL.postgres=$postgres" --build-arg "BASE=$(base_tag "$suite")" \
    --build-arg "POSTGRES=$postgres" --build-arg "JAVA=$(java_of "$postgres")" "$HERE/node"
}

# For what needs a kernel of its own: the node once more, as a file system that a guest starts from.
ensure_guest() {
  local postgres="$1" tag
  tag="$(guest_tag "$postgres")"
  if is_there "$tag"; then return; fi
  ensure_node "$postgres"
  say "building $tag (the node of PostgreSQL $postgres with a kernel, DRBD, and QEMU to run it)"
  make_image guest "$tag" --label "$LABEL.postgres=$postgres" --build-arg "NODE=$(node_tag "$postgres")" "$HERE/guest"
}

# Only tests need it.
ensure_edge() {
  local tag
  tag="$(edge_tag)"
  if is_there "$tag"; then return; fi
  ensure_node "$EDGE_POSTGRES"
  say "building $tag (a node with HAProxy, OpenSSH and shellcheck)"
  make_image edge "$tag" --build-arg "NODE=$(node_tag "$EDGE_POSTGRES")" "$HERE/edge"
}

ensure_etcd() {
  local tag published="quay.io/coreos/etcd:v$ETCD_VERSION"
  tag="$(etcd_tag)"
  if is_there "$tag"; then return; fi
  if pull "$published"; then
    adopt etcd "$tag" "$published" 'ENTRYPOINT ["/usr/local/bin/etcd"]'
    return
  fi
  ensure_base "$BASE_SUITE"
  say "building $tag (etcd from Debian $BASE_SUITE)"
  make_image etcd "$tag" --build-arg "BASE=$(base_tag "$BASE_SUITE")" "$HERE/etcd"
}

ensure_toxiproxy() {
  local tag published="ghcr.io/shopify/toxiproxy:$TOXIPROXY_VERSION" context
  tag="$(toxiproxy_tag)"
  if is_there "$tag"; then return; fi
  if pull "$published"; then
    adopt toxiproxy "$tag" "$published"
    return
  fi
  say "building $tag (Go module)"
  context="$(new_directory)"
  cp "$HERE/toxiproxy/Dockerfile" "$context/"
  logged toxiproxy-go "building Toxiproxy's Go module" \
    go_install "$context" "github.com/Shopify/toxiproxy/v2/cmd/server@v$TOXIPROXY_VERSION"
  make_image toxiproxy "$tag" "$context"
}

# Ryuk tidies up after a harness that was killed. The harness can do without: it sweeps by label at its next
# start. So where Ryuk is nowhere to be had, that is said, and is no failure.
ensure_ryuk() {
  local tag published="testcontainers/ryuk:$RYUK_VERSION" context
  tag="$(ryuk_tag)"
  if is_there "$tag"; then return; fi
  if [ -z "$MADE" ] && known_without_ryuk; then return; fi
  if pull "$published"; then
    adopt ryuk "$tag" "$published"
    return
  fi
  say "building $tag (Go module)"
  context="$(new_directory)"
  cp "$HERE/ryuk/Dockerfile" "$context/"
  if ! go_install "$context" "github.com/testcontainers/moby-ryuk@v$RYUK_VERSION" >"$PREPARED/ryuk-go.log" 2>&1 </dev/null; then
    say "Ryuk is not to be had here ($PREPARED/ryuk-go.log): going on without it"
    RYUK_MISSING=1
    return
  fi
  make_image ryuk "$tag" "$context"
}

# Ryuk where it could be had, else nothing. An attempt that failed is made again only when there is other work
# that needs the network.
ryuk_or_nothing() {
  local tag
  tag="$(ryuk_tag)"
  if is_there "$tag" || { [ -z "$RYUK_MISSING" ] && ! known_without_ryuk; }; then echo "$tag"; fi
}

known_without_ryuk() { grep -qx 'ryuk=' "$RESULT" 2>/dev/null; }

# ---- pulling

# pull <image>: asks the registry. The first time it has a few seconds to give a sign; when it gives none,
# no other image is asked for in this run.
pull() {
  local image="$1" log="$PREPARED/pull.log"
  if [ "$REGISTRY" = unknown ]; then find_registry "$image"; fi
  if [ "$REGISTRY" = none ]; then return 1; fi
  say "pulling $image"
  if docker pull "$image" >"$log" 2>&1 </dev/null; then return 0; fi
  say "$image could not be pulled ($(tail -n 1 "$log")): building instead"
  return 1
}

find_registry() {
  local image="$1" log="$PREPARED/pull.log" deadline=$((SECONDS + REGISTRY_SECONDS)) asking
  if [ -n "${GAUNTLET_OFFLINE:-}" ]; then
    REGISTRY=none
    say "GAUNTLET_OFFLINE is set: building the images here"
    return
  fi
  say "asking for an image registry"
  docker pull "$image" >"$log" 2>&1 </dev/null &
  asking=$!
  while kill -0 "$asking" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; do
    if grep -qE 'Pulling (from|fs layer)|Digest:' "$log"; then break; fi
    sleep 0.1
  done
  # An engine tells where an image comes from only after the registry has answered for it.
  if grep -qE 'Pulling (from|fs layer)|Digest:|manifest unknown' "$log"; then
    REGISTRY=answers
  else
    REGISTRY=none
    say "no image registry answers: building the images here"
  fi
  kill "$asking" 2>/dev/null || true
  wait "$asking" 2>/dev/null || true
}

# ---- Go

# go_install <directory> <module@version>: the program, linked so that it needs nothing beside it.
go_install() {
  local directory="$1" module="$2" go
  if go="$(find_go)"; then
    CGO_ENABLED=0 GOFLAGS=-trimpath GOBIN="$directory" "$go" install -ldflags='-s -w' "$module"
  else
    go_install_in_container "$directory" "$module"
  fi
}

find_go() {
  local go version
  for go in "$(command -v go || true)" /usr/local/go/bin/go; do
    if [ ! -x "$go" ]; then continue; fi
    version="$("$go" env GOVERSION)"
    if printf '%s\n' "$GO_NEEDED" "${version#go}" | sort -C -V; then
      echo "$go"
      return 0
    fi
  done
  return 1
}

# Debian's Go, in a container that is thrown away. Like the machine's own Go it trusts the certificates that the
# machine trusts: behind a proxy they are not only the public ones.
go_install_in_container() {
  local directory="$1" module="$2" container status=0 certificates="${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}"
  ensure_base "$BASE_SUITE"
  container="$(docker create --network host --label "$LABEL=image" \
    --env CGO_ENABLED=0 --env GOBIN=/out --env GOFLAGS=-trimpath --env GOTOOLCHAIN=auto \
    "$(base_tag "$BASE_SUITE")" sh -euc '
      apt-get update
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates golang-go
      [ ! -e /machine.crt ] || export SSL_CERT_FILE=/machine.crt
      go install -ldflags="-s -w" "$1"' sh "$module")" || return 1
  if [ -r "$certificates" ]; then docker cp --follow-link "$certificates" "$container:/machine.crt" || true; fi
  { docker start --attach "$container" && docker cp "$container:/out/." "$directory"; } || status=1
  docker rm --force "$container"
  return "$status"
}
