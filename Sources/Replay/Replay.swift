/// Replay: see the table in the README.
