"""The life of the program: its window, menus, documents, what is taken back, and `render`."""
