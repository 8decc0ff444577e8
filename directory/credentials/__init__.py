"""Every claim that needs proof, what was seen as proof, and the one decision about who may be listed."""
