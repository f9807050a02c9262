"""The plant's station without its screen: acquisition, history, alarms and predictions."""
