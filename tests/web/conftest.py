"""Every test here listens to the log as well."""

from tests.discretion import discreet, log

__all__ = ["discreet", "log"]
