"""Vouchers: what one is, finding the one that is meant, changing it, and following its reviews."""
