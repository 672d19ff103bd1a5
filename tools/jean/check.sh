# Checking: what a machine can say about the code without running the product.

run_checks() {
  setup_all
  build_everything
  step "formatting" check_formatting
  step "architecture" dotnet test tests/Architecture.Tests/Architecture.Tests.csproj -c Release --no-build --nologo
  step "API types" check_api_types
  check_dependencies
  step "types" npm --prefix web run --silent typecheck
  step "lint" npm --prefix web run --silent lint
  step "translations" npm --prefix web run --silent i18n:check
  build_web
  step "bundle budget" npm --prefix web run --silent budget
  say "all checks passed"
}

step() {
  local name="$1" out
  shift
  if out="$("$@" 2>&1)"; then
    printf 'ok    %s\n' "$name"
  else
    printf 'FAIL  %s\n%s\n' "$name" "$out" >&2
    exit 1
  fi
}

# NuGet's part is the restore: a package with a known fault is an error there (Directory.Build.props).
check_dependencies() {
  local out code=0
  out="$(cd web && node scripts/audit.mjs 2>&1)" || code=$?
  case "$code" in
    0) echo "ok    dependency audit" ;;
    2) echo "skip  dependency audit of the client: $(head -n 1 <<<"$out")" ;;
    *) printf 'FAIL  dependency audit\n%s\n' "$out" >&2; exit 1 ;;
  esac
}

# The formatter's own rules for C#, except where a table says more in columns; no trailing spaces and no tabs anywhere.
check_formatting() {
  ! git grep -nIE "[ 	]+$|^	" -- '*.cs' '*.ts' '*.tsx' '*.sh' '*.sql' &&
    dotnet format whitespace JeanTrail.slnx --no-restore --verify-no-changes \
      --exclude workers/voice/ArabicVowels.cs src/Modules/Voice/Faces/IpaVisemes.cs
}

# The committed client types must be those of the server's OpenAPI document.
check_api_types() {
  dotnet "$HOST" openapi --output "$STATE/openapi.json" &&
    (cd web && npx openapi-typescript "$STATE/openapi.json" -o "$STATE/schema.gen.ts" >/dev/null) &&
    diff -u web/src/shared/api/schema.gen.ts "$STATE/schema.gen.ts" ||
    { echo "The API changed: run 'npm run api:gen' in web/ and commit the result."; return 1; }
}
