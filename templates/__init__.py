"""The words: one folder per language, one file per handler, one macro per outcome."""
