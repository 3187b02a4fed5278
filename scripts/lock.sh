#!/bin/sh
# Writes constraints.txt anew: exact versions and hashes for every platform, no addresses.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
    --no-emit-index-url --group dev --extra age --extra remind pyproject.toml -q -o constraints.txt
if grep -Eq '://|index' constraints.txt; then
    echo "constraints.txt holds an address; it must not be committed." >&2
    exit 1
fi
