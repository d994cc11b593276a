"""Figures as pictures: a shape (numbers) and words become SVG, for the chat as PNG, for a page as it is."""
