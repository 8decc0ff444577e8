"""What programs read: FHIR, and whatever else is not a page."""
