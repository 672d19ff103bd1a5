#!/usr/bin/env bash
# What the gateway's hot path allocates, piece by piece and as whole calls
set -euo pipefail
cd "$JEAN_HOME"
exec dotnet bench/Micro/bin/Release/net10.0/jeantrail-micro.dll "$@"
