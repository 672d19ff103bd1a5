#!/usr/bin/env bash
# time added before the first streamed token, against the upstream called directly
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" overhead "$@"
