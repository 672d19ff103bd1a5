# Testing: build once, then run the suites side by side. The last line counts all of them.

setup_test() {
  setup_all
  setup_system chromium=chromium
}

# run_suite PROJECT: runs one .NET suite; leaves its output and its counts in .jean/tests.
run_suite() {
  local project="$1" name out
  name="$(basename "$project" .csproj)"
  out="$STATE/tests/$name"
  dotnet test "$project" -c Release --no-build --nologo --blame-hang-timeout 8m --logger "console;verbosity=normal" >"$out.log" 2>&1 || true
  if ! grep -qE '^ *Total tests: [0-9]+' "$out.log"; then
    printf '0 1\n' >"$out.count"
  else
    local passed failed
    passed="$(sed -nE 's/^ *Passed: ([0-9]+).*/\1/p' "$out.log" | tail -1)"
    failed="$(sed -nE 's/^ *Failed: ([0-9]+).*/\1/p' "$out.log" | tail -1)"
    # A host that died after its last result has not passed.
    grep -qE 'Test Run (Aborted|Failed)|host process crashed' "$out.log" && [ -z "$failed" ] && failed=1
    printf '%s %s\n' "${passed:-0}" "${failed:-0}" >"$out.count"
  fi
  report_suite "$name"
}

run_web_suite() {
  local out="$STATE/tests/web"
  (cd web && npx vitest run --reporter=dot --reporter=json --outputFile.json="$out.json") >"$out.log" 2>&1 || true
  node -e '
    const { readFileSync } = require("node:fs");
    try {
      const r = JSON.parse(readFileSync(process.argv[1], "utf8"));
      const broken = r.testResults.filter((f) => f.status === "failed" && f.assertionResults.length === 0).length;
      console.log(r.numPassedTests, r.numFailedTests + broken);
    } catch { console.log(0, 1); }' "$out.json" >"$out.count"
  report_suite web
}

# What servers under test logged is searched for passwords, keys and cookies that the tests gave them.
check_logs() {
  local found lines
  lines="$(cat "$JEAN_TEST_LOGS"/* 2>/dev/null | wc -l)"
  found="$(grep -rhEn -f tests/never-in-logs.txt "$JEAN_TEST_LOGS" | head -20 || true)"
  if [ -n "$found" ] || [ "$lines" -lt 100 ]; then
    printf '%-22s secrets in the logs, or no logs (%s lines)\n%s\n' logs "$lines" "$found"
    echo 0 1 >"$STATE/tests/logs.count"
  else
    printf '%-22s no secret in %s lines\n' logs "$lines"
    echo 1 0 >"$STATE/tests/logs.count"
  fi
}

report_suite() {
  local passed failed
  read -r passed failed <"$STATE/tests/$1.count"
  if [ "$failed" -eq 0 ]; then
    printf '%-22s %4d passed\n' "$1" "$passed"
  else
    printf '%-22s %4d passed, %d failed\n' "$1" "$passed" "$failed"
    grep -E '^\s+(Failed|✗|×|FAIL) |Error Message:|^ +(Shouldly|System|Xunit)\.|AssertionError|error (CS|MSB)' -A 4 "$STATE/tests/$1.log" | head -120
    [ "$passed" -eq 0 ] && tail -n 30 "$STATE/tests/$1.log"
  fi
}

run_tests() {
  local filter="${1:-}"
  setup_test
  build_web
  build_everything
  rm -rf "$STATE/tests"
  mkdir -p "$STATE/tests"
  export JEAN_TEST_LOGS="$STATE/tests/logs"
  mkdir -p "$JEAN_TEST_LOGS"
  export -f run_suite run_web_suite report_suite
  export STATE
  # Longest first, two at a time: the machines we promise to be quick on have two cores.
  {
    ls tests/*/*.Tests.csproj | grep -i "EndToEnd" || true
    echo web
    ls tests/*/*.Tests.csproj | grep -vi "EndToEnd"
  } | grep -i -- "$filter" | xargs -r -P 2 -I{} bash -c 'if [ "{}" = web ]; then run_web_suite; else run_suite "{}"; fi' || true
  [ -n "$filter" ] || check_logs
  cat "$STATE"/tests/*.count 2>/dev/null | awk '{ p += $1; f += $2 } END { printf "%d passed, %d failed\n", p, f; exit (f > 0 || p == 0) }'
}
