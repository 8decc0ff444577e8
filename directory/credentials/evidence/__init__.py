"""What practitioners show for their claims (files, signed statements, a colleague's word), and their photo."""
