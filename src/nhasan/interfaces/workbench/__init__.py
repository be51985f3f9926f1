"""The door for officials: server-rendered pages, in Vietnamese, one module per task."""
