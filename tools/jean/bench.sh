# Benchmarks: each folder below bench/ with a run.sh is one; its README holds the last committed result.

run_bench() {
  local name="${1:-}"
  if [ -z "$name" ]; then
    for folder in bench/*/run.sh; do
      [ -e "$folder" ] && printf '%-14s %s\n' "$(basename "$(dirname "$folder")")" "$(sed -n '2s/^# //p' "$folder")"
    done
    return
  fi
  [ -f "bench/$name/run.sh" ] || die "There is no benchmark '$name'. ./jean bench lists them."
  shift
  setup_all
  build_web
  build_everything
  exec bash "bench/$name/run.sh" "$@"
}
