/// Timebase: see the table in the README.
