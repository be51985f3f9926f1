"""Documents: letters and papers that go with reports."""
