"""The page on which a plant is engineered: its equipment and tags as sheets, and the versions of its configuration."""
