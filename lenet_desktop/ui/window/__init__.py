"""The main window, its actions, menus and messages."""
