"""What patients say about the service of somebody whom they really met: never about a treatment, never a rating, never
a reason for anybody's place in a list."""
