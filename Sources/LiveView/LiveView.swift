/// LiveView: see the table in the README.
