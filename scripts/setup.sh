#!/bin/sh
# Sets up everything the project needs, once: virtual environment, pinned packages, native libraries for PDFs.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    say "Python 3.11 or newer is needed and was not found. Debian or Ubuntu: apt-get install python3; macOS: brew install python."
    exit 1
}

is_debian_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

install_or_tell() { # install_or_tell "debian packages" "brew packages"
    if is_debian_root; then
        DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1 >/dev/null
    elif command -v apt-get >/dev/null 2>&1; then
        say "Missing system packages. Type this, then try again:"
        say "    sudo apt-get install -y $1"
        exit 1
    else
        say "Missing system libraries. Type this, then try again:"
        say "    brew install $2"
        exit 1
    fi
}

stamp=.venv/.set-up
state=$(cat constraints.txt pyproject.toml | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then
    exit 0
fi

python=$(find_python)
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    install_or_tell "python3-venv" "python"
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
say "Installing pinned packages …"
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r constraints.txt
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
# WeasyPrint imports without the font subsetter and only complains when a page is made: ask for every library by name.
natives='from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset, pango
raise SystemExit(ffi.NULL in (harfbuzz, harfbuzz_subset, pango) or None in (harfbuzz, harfbuzz_subset, pango))'
if ! .venv/bin/python -c "$natives" >/dev/null 2>&1; then
    install_or_tell "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" "pango"
    .venv/bin/python -c "$natives"
fi
printf '%s' "$state" >"$stamp"
