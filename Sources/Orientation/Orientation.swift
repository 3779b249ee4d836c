/// Orientation: see the table in the README.
