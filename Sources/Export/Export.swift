/// Export: see the table in the README.
