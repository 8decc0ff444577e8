"""Licensing jurisdictions: what each place requires of somebody who practises acupuncture there."""
