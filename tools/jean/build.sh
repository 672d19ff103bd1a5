# Building: one configuration (Release) for running, testing and checking, so that nothing is built twice.

build_server() {
  if stale server src workers Directory.Build.props Directory.Packages.props || [ ! -f "$HOST" ]; then
    say "building the server"
    dotnet build src/Host/Host.csproj -c Release -v q -nologo -clp:ErrorsOnly
    touch "$STAMPS/server"
  fi
}

build_web() {
  if stale web web/src web/public web/index.html web/vite.config.ts web/scripts web/package-lock.json || [ ! -f web/dist/index.html ]; then
    say "building the web client"
    (cd web && npm run --silent build >/dev/null)
    touch "$STAMPS/web"
  fi
}

build_everything() {
  if stale solution src workers tests tools bench Directory.Build.props Directory.Packages.props .editorconfig; then
    say "building everything (analysers on, warnings are errors)"
    dotnet build JeanTrail.slnx -c Release -v q -nologo -clp:ErrorsOnly
    touch "$STAMPS/solution" "$STAMPS/server"
  fi
}
