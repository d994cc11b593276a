"""Voucherbot: commands by text, vouchers by WeChat's card APIs, answers from templates."""

__version__ = "0.1.0"
