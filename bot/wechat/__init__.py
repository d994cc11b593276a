"""WeChat's side of the wire: signatures, envelopes, messages in and out, and the API."""
