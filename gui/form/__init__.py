"""Widgets made from the fields of a config: `kinds` says which for which field, `form` puts them in rows."""
