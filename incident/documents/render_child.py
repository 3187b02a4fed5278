"""The child that fills a template: limits on time and memory, so that a template that runs away is stopped."""

import json
import pickle
import resource
import sys

_CPU_SECONDS = 10
_MEMORY_BYTES = 1024**3


def main() -> int:
    """Read one order (our own parent's) from standard input; write the page, or what is wrong, as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from incident.documents.render import render_html
    from incident.errors import DocumentError

    template, fields, frame = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - written by our parent process
    try:
        answer = {"html": render_html(template, fields, frame)}
    except DocumentError as error:
        answer = {"message": error.message, "hint": error.hint}
    sys.stdout.buffer.write(json.dumps(answer).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
