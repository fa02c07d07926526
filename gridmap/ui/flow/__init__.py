"""Pages of matters: reporting, the desk, lists, one matter with its moves."""
