"""What visitors report of an entry, or of harm, what comes of it, and what a practitioner says against a decision.

Whoever reports is known to nobody but the desk: what they wrote and their address are sealed, stand in no case and in
no export, and are erased a while after the answer.
"""
