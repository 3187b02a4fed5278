"""The two themes. Colour never carries meaning alone: every state has its sign and its word."""

from textual.theme import Theme

DARK = Theme(
    name="incident-dark",
    primary="#7aa2c9",
    secondary="#8fa3b5",
    accent="#e0b25a",
    warning="#e0b25a",
    error="#e5786d",
    success="#86b88a",
    foreground="#d9dde3",
    background="#14171c",
    surface="#1a1e25",
    panel="#222833",
    dark=True,
)
LIGHT = Theme(
    name="incident-light",
    primary="#28567f",
    secondary="#50616f",
    accent="#8a5a00",
    warning="#8a5a00",
    error="#a5281c",
    success="#2f6b35",
    foreground="#1b1e23",
    background="#f7f6f2",
    surface="#ffffff",
    panel="#e9e7e0",
    dark=False,
)
