"""Replacements that findings carry, put into YAML sources: as edits of the text, each proved before it stays."""
