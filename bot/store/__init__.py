"""Redis: the connection, the keys, and the scripts that must be atomic."""

from bot.store.connection import Script, Store, connect

__all__ = ["Script", "Store", "connect"]
