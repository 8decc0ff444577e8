"""FHIR R4 (4.0.1): reading and searching of who is listed, for programs."""
