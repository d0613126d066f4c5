"""What each command does: `run(options)` gives the exit code. Data goes to stdout, everything else to stderr."""
