"""Starting the parts: agent in one process, servers, supervisor."""
