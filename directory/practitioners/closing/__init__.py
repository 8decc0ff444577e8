"""The end of somebody's practice: they retired, died, closed or moved away. Quiet, and for good."""
