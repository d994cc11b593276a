"""What the bot can do: one file per thing. Commands are verbs; pushes start with ``on_``."""
