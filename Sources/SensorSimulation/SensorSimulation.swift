/// SensorSimulation: see the table in the README.
