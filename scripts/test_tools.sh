#!/bin/sh
# What some tests use beside the program: a real terminal (tmux) and a PDF reader (poppler). Without them those tests skip.
set -eu
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    missing=""
    command -v tmux >/dev/null 2>&1 || missing="$missing tmux"
    command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
    if [ -n "$missing" ]; then
        DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    fi
fi
