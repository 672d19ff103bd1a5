#!/usr/bin/env bash
# what the policies of the rows cost: the same requests with them and without
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" row-security "$@"
