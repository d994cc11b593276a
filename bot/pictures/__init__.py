"""Pictures for the chat and for print: what they show is data, drawn to SVG and PNG when somebody looks at them."""
