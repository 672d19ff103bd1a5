#!/usr/bin/env bash
# 200 kills (kill -9) while answers stream and people write; then everything acknowledged is looked for
export JEAN_CRASH_KILLS="${1:-200}"
exec dotnet test "$JEAN_HOME/tests/EndToEnd.Tests" -c Release --no-build --nologo --filter FullyQualifiedName~CrashTests --logger "console;verbosity=normal"
