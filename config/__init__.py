"""Settings: one TOML file, each value overridable from the environment, every mistake one sentence."""

from config.loader import load
from config.model import AccountSettings, ComponentSettings, Settings

__all__ = ["AccountSettings", "ComponentSettings", "Settings", "load"]
