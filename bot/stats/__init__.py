"""Figures: which days, what WeChat counted on them, and what they mean."""
