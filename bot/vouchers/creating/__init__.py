"""Making a new voucher: the questions, what their answers become, and card/create."""
