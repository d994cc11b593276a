"""Dialogues: what a person reads, and what WeChat was asked to do."""
