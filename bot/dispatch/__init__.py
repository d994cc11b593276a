"""The way of a push through the program: repeats, sender, rate, route, answer, notices."""
