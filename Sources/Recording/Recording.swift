/// Recording: see the table in the README.
