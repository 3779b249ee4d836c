/// SerialLink: see the table in the README.
