"""Reports of a shift, a day or a month as files: rich text, PDF, workbook."""
