"""The command line: every verb of the screen as a command with `--json`. Loads nothing heavy to say `--help`."""
