#!/usr/bin/env bash
# frames while a conversation of 10,000 messages scrolls in Chromium, beside an empty page; TRACES=folder keeps the traces
exec node "$JEAN_HOME/bench/scrolling/scroll.mjs" "$@"
