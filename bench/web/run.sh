#!/usr/bin/env bash
# Size of the first JavaScript; with BASE set to a running server, Lighthouse on the pages a person meets first
set -euo pipefail
cd "$JEAN_HOME/web"
npm run --silent budget
if [ -n "${BASE:-}" ]; then npm run --silent lighthouse -- /sign-in /; fi
