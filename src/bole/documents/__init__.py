"""Words and numbers → docx, pdf, xlsx: pure functions over plain values; see docs/documents.md."""
