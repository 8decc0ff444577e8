"""Telling people that they are not listed any more. Who is listed is computed whenever it is read; here is only
remembered what was so at the last look, so that a change is told once."""
