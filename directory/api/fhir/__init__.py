"""The directory in FHIR R4 (https://hl7.org/fhir/R4/), read and searched without a log-in."""
