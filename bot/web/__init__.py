"""The HTTP side: endpoints that check limits and choose a status, and nothing else."""
