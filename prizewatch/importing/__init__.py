"""Files of other registers: read, mapped and brought in by way of the one door, for the command line and the desk."""
