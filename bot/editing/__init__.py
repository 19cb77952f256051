"""Tools for those who edit the content: compare, explain, print, check links."""
