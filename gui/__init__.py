"""The window: everything that knows Qt. Its rooms, each leaning only on those above it:

look      how everything looks and speaks: theme, style, fonts, icons, language, numbers, formulas
form      widgets made from the fields of a config
plots     panels on pyqtgraph; none knows an experiment
screen    one experiment on the screen: its playback and widgets, the base of the views, the engine's thread
views     a view an experiment, found by the experiment's name
export    a screen on paper: figures, files, the clipboard, animations
app       the life of the program: window, menus, documents, what is taken back, `render`
"""
