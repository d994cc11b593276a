"""Applying for a sub-merchant of the entrusted mode: the questions, what their answers become, and the call."""
