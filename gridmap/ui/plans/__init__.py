"""Parts of the planner's table: drafts, tools, proposals, what a draft comes to, review."""
