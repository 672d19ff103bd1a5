#!/usr/bin/env bash
# An import of 50 MB and the export of what it brought, with the server's memory
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" transfer "$@"
