"""Files that ship with the program: fonts, icons, themes, translations and the demo plant."""
