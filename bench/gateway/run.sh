#!/usr/bin/env bash
# The gateway beside its peers: throughput, added latency, streams; `soak [minutes]` watches its memory
set -euo pipefail
cd "$JEAN_HOME"
if [ ! -d bench/gateway/peer/node_modules ]; then (cd bench/gateway/peer && npm ci --silent --no-audit --no-fund) || echo "The Node peer could not be installed; it is left out."; fi
# Load and upstream share one processor; answers are handled where they are noticed, which costs the load the least.
export DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1
pin=()
if command -v taskset >/dev/null; then pin=(taskset -c 0); fi
exec "${pin[@]}" dotnet bench/Load/bin/Release/net10.0/jeantrail-load.dll gateway "$@"
