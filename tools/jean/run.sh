run_server() {
  setup_all
  # The two builds share nothing, so they run side by side.
  build_web &
  local web=$!
  build_server
  wait "$web"
  exec dotnet "$HOST" serve "$@"
}

run_doctor() {
  require_tools
  build_server
  exec dotnet "$HOST" doctor "$@"
}

run_models() {
  setup_all
  build_server
  exec dotnet "$HOST" models "$@"
}
