#!/usr/bin/env bash
# from a known sentence to its audio
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" voice "$@"
