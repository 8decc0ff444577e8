"""Work items of the people who run the site: what somebody is waiting for, since when, and until when it is due.

A case names its subject in words and not by a key of another table, so that it outlives it. What a person wrote is
sealed, and goes when the case is closed; the number, kind, subject and dates stay.
"""
