#!/usr/bin/env bash
# start of a built tree to the first page; idle memory
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" start "$@"
