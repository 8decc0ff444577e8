"""Two profiles that may be of one person: found, looked at, and made one."""
