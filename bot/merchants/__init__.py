"""Who may command an account: operators, their roles and invitations, and what waits for their word."""
