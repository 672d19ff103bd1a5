#!/usr/bin/env bash
# search, lists and opening among a million messages
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" finding "$@"
