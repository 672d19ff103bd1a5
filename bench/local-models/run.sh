#!/usr/bin/env bash
# a local model through the whole path beside node-llama-cpp called directly; batching, start, pull, memory
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" local-models "$@"
