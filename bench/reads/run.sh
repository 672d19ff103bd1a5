#!/usr/bin/env bash
# API reads under 100 users
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" reads "$@"
