"""Redis: the connection, the keys, and the scripts that must be atomic."""

from bot.store.connection import Script, Store, answer_of, connect

__all__ = ["Script", "Store", "answer_of", "connect"]
