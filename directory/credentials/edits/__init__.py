"""Changes to a published profile that somebody looks at first: until then the old value stays, and the old ways of
reaching the person are told."""
