#!/usr/bin/env bash
# 500 streamed answers at once, 50 tokens/s each
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" streams "$@"
