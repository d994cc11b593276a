"""Tables as files for a spreadsheet: CSV and XLSX, written piece by piece."""
