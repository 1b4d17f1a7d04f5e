"""One widget for each kind of setting. `base` is what they share; `gui.form` puts them in rows."""
