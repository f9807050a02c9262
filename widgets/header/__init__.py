"""The head of every screen: the tabs of the pages, the search, who operates, the time."""
