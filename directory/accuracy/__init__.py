"""How true the directory is, measured by the directory itself and told to everybody."""
