"""The aggregates of OPC 10000-13: one value with a StatusCode for each interval, from the raw samples of a tag.

Pure functions over app.model.series.Series; where the samples come from is app.history.aggregate_read.
"""
