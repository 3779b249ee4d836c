/// Reporting: see the table in the README.
