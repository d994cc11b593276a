"""The third-party platform (component): its pushes, its calls, the tokens of the accounts that authorised it.

Written from Tencent's pages on the Open Platform; wechatpy's component client is not used: it blocks, loses refresh
tokens and knows one account at a time.
"""
