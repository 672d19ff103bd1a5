#!/usr/bin/env bash
# What people who are signed in feel of a credential-stuffing attack
exec dotnet "$JEAN_HOME/bench/Load/bin/Release/net10.0/jeantrail-load.dll" stuffing "$@"
