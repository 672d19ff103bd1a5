#!/usr/bin/env bash
# Any route or model through a running gateway: time to first token, tokens/s, errors (--route NAME [--base URL] [--concurrency N] [--requests N] [--max-tokens N]; the key in JEAN_KEY)
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" model "$@"
