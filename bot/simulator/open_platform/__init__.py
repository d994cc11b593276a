"""The Open Platform's side of the simulated WeChat: one third-party platform (component) and who authorised it.

Source: messaging.md B1-B4, vouchers.md 8.1 and 8.4.
"""
