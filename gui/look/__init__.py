"""How everything looks and speaks: theme, style, fonts, icons, language, numbers, formulas."""
