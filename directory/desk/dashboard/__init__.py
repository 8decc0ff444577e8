"""How the desk itself is doing: what waits how long, how long decisions take, and whether colleagues agree."""
