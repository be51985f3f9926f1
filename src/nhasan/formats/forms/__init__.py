"""Report forms as files people fill: the Excel workbook, out and back."""
